/** The HTML of the dashboard; the comments in `style` and `script` are replaced by their content. */
export const markup = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Larder</title>
<style>/*style*/</style>
</head>
<body>
<header>
  <h1>Larder</h1>
  <label>Cache <select id="caches"></select></label>
  <button id="health" type="button" aria-live="polite">connecting …</button>
</header>
<main>
  <section id="tiles" aria-label="Current figures"></section>
  <section class="wide"><h2>Reads</h2><div id="charts"></div></section>
  <section><h2>Advice</h2><div id="advice"></div></section>
  <section><h2>Most-read keys</h2><div id="top-keys"></div></section>
  <section><h2>Tags</h2><div id="top-tags"></div></section>
  <section><h2>Invalidations</h2><ol id="history" aria-live="off"></ol></section>
  <section class="wide"><h2>Tag graph</h2><div id="graph"></div></section>
  <section class="wide">
    <h2>Keys</h2>
    <form id="find"><label>Pattern <input name="pattern" value="*" autocomplete="off" spellcheck="false"></label> <button>Find</button></form>
    <div id="keys"></div>
  </section>
  <section>
    <h2>Invalidate</h2>
    <form id="invalidate">
      <label>By <select name="kind"><option value="tags">tags</option><option value="keys">keys</option><option value="patterns">key patterns</option></select></label>
      <label>Names, one per line <textarea name="names" rows="3" required spellcheck="false"></textarea></label>
      <label><input type="checkbox" name="soft"> allow stale values while new ones are computed</label>
      <button>Invalidate</button>
    </form>
  </section>
  <section><h2>Warm-ups</h2><div id="warm"></div></section>
  <section><h2>Clear</h2><p>Invalidates every entry of this cache, in every process.</p><button id="clear" class="danger">Clear the cache</button></section>
</main>
<dialog id="confirm">
  <form method="dialog">
    <p id="question"></p>
    <menu><button value="no" autofocus>Cancel</button> <button value="yes" class="danger">Confirm</button></menu>
  </form>
</dialog>
<dialog id="details"><form method="dialog"><div id="detail"></div><menu><button autofocus>Close</button></menu></form></dialog>
<div id="notice" role="alert"></div>
<script>/*script*/</script>
</body>
</html>
`
