/** The document, with places for its style and its script. */
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
  <button id="health" type="button" aria-live="polite">connecting</button>
</header>
<main>
  <section id="tiles" aria-label="Numbers now"></section>
  <section class="wide"><h2>Reads</h2><div id="charts"></div></section>
  <section><h2>What could be better</h2><div id="recommendations"></div></section>
  <section><h2>Keys used most</h2><div id="top-keys"></div></section>
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
      <label>What <select name="kind"><option value="tags">tags</option><option value="keys">keys</option><option value="patterns">patterns of keys</option></select></label>
      <label>Names, one per line <textarea name="names" rows="3" required spellcheck="false"></textarea></label>
      <label><input type="checkbox" name="soft"> serve stale while computing anew</label>
      <button>Invalidate</button>
    </form>
  </section>
  <section><h2>Warm</h2><div id="warm"></div></section>
  <section><h2>Clear</h2><p>Ends everything in this cache, in every process.</p><button id="clear" class="danger">Clear the cache</button></section>
</main>
<dialog id="confirm">
  <form method="dialog">
    <p id="question"></p>
    <menu><button value="no" autofocus>Cancel</button> <button value="yes" class="danger">Do it</button></menu>
  </form>
</dialog>
<dialog id="details"><form method="dialog"><div id="detail"></div><menu><button autofocus>Close</button></menu></form></dialog>
<div id="notice" role="alert"></div>
<script>/*script*/</script>
</body>
</html>
`
