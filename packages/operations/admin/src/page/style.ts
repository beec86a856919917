/** Light and dark colour schemes; one column on a phone, two on wide screens. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #15171b);
  --card: light-dark(#ffffff, #1e2127);
  --text: light-dark(#1f2228, #e8e6e1);
  --quiet: light-dark(#5a5f69, #a7adb7);
  --line: light-dark(#e4e1da, #31353d);
  --edge: light-dark(#767981, #858b96);
  --accent: light-dark(#2a6a4a, #7cc79f);
  --second: light-dark(#854a0c, #e6ac63);
  --bad: light-dark(#a01d16, #f6948b);
  --small: .8125rem;
  --figure: 1.375rem;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --round: .5rem;
  font: 15px/1.45 system-ui, sans-serif;
  scroll-padding-top: 7rem;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--text); }
h1, h2, p, ul, ol, menu, figure, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 1.0625rem; }
h2 { font-size: .9375rem; margin-bottom: .75rem; }
ul, ol { list-style: none; }
a { color: inherit; text-underline-offset: .2em; }
small, .quiet { color: var(--quiet); font-size: var(--small); }
.warn { color: var(--second); }
.name { font-family: var(--mono); font-size: var(--small); overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .625rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
#process { flex: 1; }
#health { border-radius: 1rem; border-color: currentColor; font-weight: 600; }
#health.pass { color: var(--accent); } #health.warn { color: var(--second); } #health.fail, #health.away { color: var(--bad); }
#alarm { padding: .75rem 1.5rem; font-weight: 600; overflow-wrap: anywhere; }
#alarm:empty { display: none; }
#alarm ul { display: grid; gap: .25rem; }
[data-status=fail] { --wash: light-dark(#fbe4e1, #451b18); --strip: var(--bad); }
[data-status=away] { --wash: light-dark(#fbe4e1, #451b18); --strip: var(--bad); }
[data-status=warn] { --wash: light-dark(#fbeeda, #3b2d18); --strip: var(--second); }
[data-status] header { background: var(--wash, var(--card)); border-top: .25rem solid var(--strip, transparent); }
[data-status] #alarm { background: var(--wash, var(--card)); border-bottom: 1px solid var(--line); }
[data-status=fail] header, [data-status=warn] header, [data-status=away] header { border-bottom-color: transparent; }
[data-status=fail] header .quiet, [data-status=warn] header .quiet, [data-status=away] header .quiet { color: var(--text); }
[data-status=away] main { --text: var(--quiet); --accent: var(--quiet); --second: var(--quiet); --bad: var(--quiet); color: var(--quiet); }

main { display: grid; gap: 1rem; padding: 1rem 1.5rem 2rem; grid-template-columns: repeat(2, minmax(0, 1fr)); max-width: 92rem; margin: auto; }
section { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); padding: 1rem; min-width: 0; }
.stack { display: grid; gap: 1rem; align-content: start; }
.wide, #tiles { grid-column: 1 / -1; }
#tiles { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: .75rem; background: none; border: 0; padding: 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); padding: .75rem 1rem; }
.tile b { display: block; font-size: var(--figure); line-height: 1.3; white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile small { display: block; }
.tile.warn { color: inherit; border-color: var(--second); } .tile.warn b { color: var(--second); }
.tile.fail { border-color: var(--bad); } .tile.fail b { color: var(--bad); }
meter { width: 100%; height: .75rem; }

#charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }
figcaption { display: flex; justify-content: space-between; gap: 1rem; color: var(--quiet); font-size: var(--small); margin-bottom: .25rem; font-variant-numeric: tabular-nums; }
figcaption b { color: var(--text); }
.plotted { position: relative; }
.plotted svg { display: block; width: 100%; height: 6.5rem; overflow: visible; }
.limit { position: absolute; top: .125rem; left: 0; padding-right: .25rem; color: var(--quiet); font-size: var(--small); background: var(--card); }
.axis { display: flex; justify-content: space-between; color: var(--quiet); font-size: var(--small); font-variant-numeric: tabular-nums; margin-top: .25rem; }
.plot { fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.area { fill: var(--accent); opacity: .12; }
.grid { stroke: var(--line); vector-effect: non-scaling-stroke; }

table { width: 100%; border-collapse: collapse; font-size: var(--small); font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .3125rem .75rem .3125rem 0; border-top: 1px solid var(--line); vertical-align: baseline; }
th { color: var(--quiet); font-weight: 500; border: 0; padding-top: 0; }
td:last-child, th:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
th[aria-sort=descending] button::after { content: ' ↓'; } th[aria-sort=ascending] button::after { content: ' ↑'; }
#keys, #history { max-height: 24rem; overflow: auto; scrollbar-width: thin; }
#history li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; align-items: baseline; border-top: 1px solid var(--line); padding: .3125rem 0; }
#history li:first-child { border: 0; }
#more { margin-top: .5rem; }
#tags { margin-top: .75rem; }
#graph { overflow-x: auto; margin-top: 1rem; }
#graph svg { display: block; overflow: visible; }
#graph text { fill: var(--quiet); font-size: 12px; }
.edge { fill: none; stroke: var(--quiet); opacity: .6; } .linked { stroke: var(--second); stroke-dasharray: 4 3; opacity: 1; }
.node { fill: var(--accent); }

#advice { display: grid; gap: 1rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
article { border-left: 3px solid var(--second); padding-left: .75rem; overflow-wrap: anywhere; }
article p { margin-top: .25rem; }

form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
#find { margin-bottom: .75rem; }
#find label { flex: 1 1 16rem; } #find input { flex: 1 1 10rem; min-width: 0; }
#invalidate { flex-direction: column; align-items: stretch; }
#invalidate button { align-self: start; }
label { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
label:has([type=checkbox]) { flex-wrap: nowrap; }
input:not([type=checkbox]), select, textarea, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .375rem; padding: .3125rem .75rem; }
select { max-width: 14rem; }
textarea { width: 100%; font-family: var(--mono); font-size: var(--small); }
button { cursor: pointer; } button:hover { border-color: var(--accent); }
button.danger { color: var(--bad); border-color: currentColor; }
button.link { background: none; border: 0; padding: 0; font-size: inherit; font-weight: inherit; text-align: left; text-decoration: underline; text-underline-offset: .2em; }
#warm p { display: flex; flex-wrap: wrap; gap: .5rem; align-items: baseline; } #warm p + p { margin-top: .5rem; }

dialog { background: var(--card); color: var(--text); border: 1px solid var(--edge); border-radius: var(--round); padding: 1.25rem; width: min(44rem, 92vw); }
dialog::backdrop { background: #0007; }
#confirm { width: min(28rem, 92vw); }
dialog form { flex-direction: column; align-items: stretch; }
dialog h2 { overflow-wrap: anywhere; }
menu { display: flex; gap: .5rem; justify-content: flex-end; }
dl { display: grid; grid-template-columns: minmax(8rem, 13rem) minmax(0, 1fr); gap: .375rem 1rem; }
dt { color: var(--quiet); overflow-wrap: anywhere; }
dd { overflow: auto; max-height: 14rem; overflow-wrap: anywhere; white-space: pre-wrap; }
#notice { position: fixed; inset: auto 1rem 1rem; margin: auto; width: fit-content; max-width: 90vw; display: flex; gap: 1rem; align-items: baseline; background: var(--text); color: var(--ground); border-radius: var(--round); padding: .5rem 1rem; overflow-wrap: anywhere; }
#notice:empty { display: none; }
#notice button { background: none; border-color: currentColor; }
footer { color: var(--quiet); font-size: var(--small); padding: 0 1.5rem 1.5rem; text-align: center; }

@media (max-width: 87rem) { #tiles { grid-auto-flow: row; grid-template-columns: repeat(5, minmax(0, 1fr)); } }
@media (max-width: 50rem) {
  header { position: static; } header, #alarm { padding-inline: 1rem; }
  main { padding: .75rem .75rem 1.5rem; gap: .75rem; }
  .half { grid-column: 1 / -1; }
  #charts { grid-template-columns: minmax(0, 1fr); }
  #tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  #process { order: 1; flex-basis: 14rem; } #errors { order: 2; }
  #health { margin-left: auto; }
  .cards thead, .cards th { display: block; } .cards thead tr { border: 0; padding: 0 0 .75rem; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
  .cards th, .cards th.number { padding: 0; } .cards thead tr::before { content: 'by'; color: var(--quiet); }
  .cards thead:not(:has(button)) { display: none; }
  .cards tbody, .cards td { display: block; }
  .cards tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); gap: .375rem .75rem; padding: .625rem 0; border-top: 1px solid var(--line); }
  .cards td { border: 0; padding: 0; }
  .cards td:first-child { grid-column: 1 / -1; }
  .cards td.number { text-align: left; white-space: normal; }
  .cards td.prose { grid-column: 1 / -1; }
  .cards td.number::before, .cards td.prose::before { content: attr(data-heading); display: block; color: var(--quiet); font-size: var(--small); }
}
@media (max-width: 30rem) {
  #tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tile { padding: .625rem .75rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd + dt { margin-top: .5rem; }
}
@media (prefers-reduced-motion: no-preference) { button { transition: border-color .15s; } }
`
