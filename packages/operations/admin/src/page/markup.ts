/** The HTML of the dashboard; the comments in `runbook`, `version`, `style` and `script` are replaced by their content. */
export const markup = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="runbook" content="/*runbook*/">
<meta name="version" content="/*version*/">
<title>Larder</title>
<style>/*style*/</style>
</head>
<body>
<header>
  <h1>Larder</h1>
  <label>Cache <select id="caches"></select></label>
  <small id="process"></small>
  <button id="errors" type="button" hidden>Last errors</button>
  <button id="health" type="button" aria-live="polite">connecting …</button>
</header>
<div id="alarm" role="status"></div>
<main>
  <section id="tiles" aria-label="Current figures"></section>
  <section class="wide"><h2>Reads</h2><div id="charts"></div></section>
  <section class="wide"><h2>Functions</h2><div id="functions" class="cards"><p class="quiet">Waiting for the first figures …</p></div></section>
  <section class="wide"><h2>Advice</h2><div id="advice"></div></section>
  <section class="wide" id="services-section" hidden><h2>Services</h2><div id="services" class="cards"></div></section>
  <section class="half"><h2>Most-read keys</h2><div id="top-keys"></div></section>
  <section class="half"><h2>Tags invalidated most</h2><div id="top-tags"></div></section>
  <section class="half">
    <h2>Find keys</h2>
    <form id="find"><label>Key, or pattern with * and ? <input name="pattern" value="*" autocomplete="off" spellcheck="false"></label> <button>Find</button></form>
    <div id="keys" role="region" aria-label="Keys found" tabindex="0"></div><div id="more"></div>
  </section>
  <section class="half"><h2>Invalidations</h2><ol id="history" aria-label="Invalidations, the latest first" tabindex="0"></ol></section>
  <section class="wide"><h2>Tags of a sample</h2><button id="read-tags" type="button">Read the tags of 100 entries</button><div id="tags"></div><div id="graph"></div></section>
  <section class="half" data-writes>
    <h2>Invalidate</h2>
    <form id="invalidate">
      <label>By <select name="kind"><option value="tags">tags</option><option value="keys">keys</option><option value="patterns">key patterns</option></select></label>
      <label>Names, one per line <textarea name="names" rows="3" required spellcheck="false"></textarea></label>
      <label><input type="checkbox" name="soft"> allow stale values while new ones are computed</label>
      <button>Invalidate</button>
    </form>
  </section>
  <div class="half stack" data-writes>
    <section><h2>Warm-ups</h2><div id="warm"></div></section>
    <section><h2>Clear</h2><p>Invalidates every entry of this cache, in every process.</p><p><button id="clear" type="button" class="danger">Clear the cache</button></p></section>
  </div>
</main>
<footer id="footer"></footer>
<dialog id="confirm" aria-labelledby="question">
  <form method="dialog">
    <p id="question"></p>
    <menu><button value="no" autofocus>Cancel</button> <button value="yes" class="danger">Confirm</button></menu>
  </form>
</dialog>
<dialog id="details" aria-labelledby="detail-title">
  <form method="dialog"><h2 id="detail-title" class="name"></h2><div id="detail"></div><menu><span id="detail-actions"></span><button autofocus>Close</button></menu></form>
</dialog>
<div id="notice" role="alert"></div>
<script>/*script*/</script>
</body>
</html>
`
