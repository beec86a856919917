/** Light and dark colour schemes; one column on a phone, more on wide screens. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #16181c);
  --card: light-dark(#ffffff, #1f2228);
  --text: light-dark(#22252b, #e6e4df);
  --quiet: light-dark(#5a5f69, #a3a9b3);
  --line: light-dark(#e0ddd6, #32363e);
  --accent: light-dark(#2f6f4f, #7cc79f);
  --second: light-dark(#8a4f0f, #e0a458);
  --bad: light-dark(#a01d16, #f58f86);
  font: 15px/1.45 system-ui, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.15rem; margin: 0; letter-spacing: .02em; }
h2 { font-size: .95rem; margin: 0 0 .6rem; }
main { display: grid; gap: 1rem; padding: 1rem; grid-template-columns: repeat(2, minmax(0, 1fr)); max-width: 90rem; margin: auto; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; min-width: 0; }
.wide, #tiles { grid-column: 1 / -1; }
@media (max-width: 50rem) { .half { grid-column: 1 / -1; } }
.scrolls { overflow-x: auto; } .scrolls td:first-child { min-width: 12rem; }
#alarm { padding: .6rem 1rem; font-weight: 600; overflow-wrap: anywhere; } #alarm:empty { display: none; }
#alarm ul { margin: 0; padding: 0; list-style: none; display: grid; gap: .25rem; }
a { color: inherit; text-underline-offset: .2em; } a.warn, .tile.warn b { color: var(--second); } .tile.fail b { color: var(--bad); }
.tile.warn { border-color: var(--second); } .tile.fail { border-color: var(--bad); }
[data-status=fail] header, [data-status=fail] #alarm, [data-status=away] header, [data-status=away] #alarm { background: light-dark(#fbe4e1, #4a1d1a); }
[data-status=warn] header, [data-status=warn] #alarm { background: light-dark(#fbeeda, #40301a); }
[data-status=fail] { border-top: .4rem solid var(--bad); } [data-status=warn] { border-top: .4rem solid var(--second); }
[data-status=away] { border-top: .4rem solid var(--bad); } [data-status=away] main { filter: grayscale(1); }
[data-status=fail] .quiet, [data-status=warn] .quiet { color: var(--text); }
#tiles { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); background: none; border: 0; padding: 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; }
.tile b { display: block; font-size: 1.5rem; white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; }
bdi, .name { unicode-bidi: isolate; }
.tile small, .quiet { color: var(--quiet); }
button#health { margin-left: auto; padding: .15rem .7rem; border-radius: 1rem; border: 1px solid currentColor; }
[hidden] { display: none !important; }
button.pass { color: var(--accent); } button.warn { color: var(--second); } button.fail, button.away { color: var(--bad); }
#charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
figure { margin: 0; } figcaption { color: var(--quiet); font-size: .85rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--quiet); font-size: 11px; }
@media (max-width: 50rem) { #charts text { font-size: 18px; } }
.plot { fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.area { fill: var(--accent); opacity: .12; } .grid { stroke: var(--line); }
.edge { fill: none; stroke: var(--quiet); opacity: .6; } .linked { stroke: var(--second); stroke-dasharray: 4 3; opacity: 1; }
.node { fill: var(--accent); } #graph { overflow-x: auto; } #graph svg { width: auto; max-width: none; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .25rem .4rem .25rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 500; border: 0; } td.number, th.number { text-align: right; white-space: nowrap; padding-left: .75rem; }
td.name, .name { overflow-wrap: anywhere; white-space: pre-wrap; font-family: ui-monospace, monospace; font-size: .85rem; }
#keys { max-height: 24rem; overflow: auto; }
#history { list-style: none; margin: 0; padding: 0; max-height: 20rem; overflow: auto; }
#history li { border-top: 1px solid var(--line); padding: .25rem 0; }
article { border-left: 3px solid var(--second); padding-left: .7rem; margin-bottom: .8rem; } article p { margin: .15rem 0; }
form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; }
#invalidate { flex-direction: column; align-items: stretch; }
label { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
label:has([type=checkbox]) { flex-wrap: nowrap; }
input:not([type=checkbox]), select, textarea, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; padding: .35rem .6rem; }
textarea { width: 100%; font-family: ui-monospace, monospace; }
button { cursor: pointer; } button:hover { border-color: var(--accent); }
.danger { color: var(--bad); border-color: currentColor; }
.link { background: none; border: 0; padding: 0; text-align: left; text-decoration: underline; text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
dialog { background: var(--card); color: var(--text); border: 1px solid var(--line); border-radius: .6rem; max-width: min(40rem, 92vw); }
dialog form { flex-direction: column; align-items: stretch; } menu { display: flex; gap: .6rem; justify-content: flex-end; margin: 0; padding: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; } dt { color: var(--quiet); } dd { margin: 0; overflow: auto; max-height: 12rem; overflow-wrap: anywhere; white-space: pre-wrap; }
#details menu { position: sticky; top: 0; }
meter, progress { width: 100%; }
#notice { position: fixed; inset: auto 1rem 1rem; margin: auto; width: fit-content; max-width: 90vw; background: var(--text); color: var(--ground); border-radius: .4rem; padding: .5rem 1rem; overflow-wrap: anywhere; }
#notice:empty { display: none; }
@media (prefers-reduced-motion: no-preference) { button { transition: border-color .15s; } }
`
