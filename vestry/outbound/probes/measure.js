/* Measures one frame as it stands. Evaluated by the probe; changes nothing on the page. */
() => {
  const shown = (each) => {
    if (!each.getClientRects().length) return false;
    return each.checkVisibility ? each.checkVisibility({ visibilityProperty: true }) : true;
  };
  const INTERACTIVE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, ' +
    '[role=button], [role=link], [role=tab], [role=menuitem], [onclick]';
  const named = (each) => (
    each.getAttribute('aria-label') || each.innerText || each.value || each.placeholder || each.title ||
    each.getAttribute('alt') || (each.querySelector('img[alt]') || {}).alt || ''
  ).replace(/\s+/g, ' ').trim().slice(0, 120);
  const labelled = (each) => {
    const by = (each.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean)
      .map((id) => (document.getElementById(id) || {}).innerText || '').join(' ');
    const labels = [...(each.labels || [])].map((label) => label.innerText).join(' ');
    return (by || labels || each.getAttribute('aria-label') || each.title || '').replace(/\s+/g, ' ').trim();
  };
  const boxOf = (each) => {
    const boxes = [each, ...(each.labels || [])].map((one) => one.getBoundingClientRect())
      .filter((box) => box.width && box.height);
    const own = each.getBoundingClientRect();
    if (own.width >= 24 && own.height >= 24) return own;
    return boxes.sort((a, b) => b.width * b.height - a.width * a.height)[0] || own;
  };
  /* A link in a sentence is as high as its line, and the standard lets it be. */
  const inSentence = (each) => {
    if (each.tagName !== 'A' || getComputedStyle(each).display !== 'inline') return false;
    const around = each.parentElement;
    return !!around && around.innerText.trim().length > each.innerText.trim().length + 3;
  };
  const controls = [...document.querySelectorAll(INTERACTIVE)].filter(shown);
  const boxes = controls.map((each) => ({ each, box: boxOf(each) }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const small = boxes.filter(({ each, box }) => {
    if ((box.width >= 24 && box.height >= 24) || inSentence(each)) return false;
    const [x, y] = middle(box);
    return boxes.some((other) => {
      if (other.each === each || other.each.contains(each) || each.contains(other.each)) return false;
      const near = [Math.max(other.box.x, Math.min(x, other.box.right)),
        Math.max(other.box.y, Math.min(y, other.box.bottom))];
      return Math.hypot(near[0] - x, near[1] - y) < 12;
    });
  });
  let letters = 0, tiny = 0;
  const walker = document.createTreeWalker(document.body || document, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.nodeValue.trim(), parent = walker.currentNode.parentElement;
    if (!text || !parent || !shown(parent)) continue;
    letters += text.length;
    if (parseFloat(getComputedStyle(parent).fontSize) < 12) tiny += text.length;
  }
  const viewport = (document.querySelector('meta[name=viewport]') || {}).content || '';
  const root = document.documentElement, body = document.body || root;
  const fields = controls.filter((each) => /^(INPUT|SELECT|TEXTAREA)$/.test(each.tagName) &&
    !/^(submit|button|image|reset)$/.test(each.type));
  const grouped = (each) => (each.type === 'radio' || each.type === 'checkbox') && each.closest('fieldset');
  return {
    title: document.title,
    text: (body.innerText || '').slice(0, 200000),
    layout: window.innerWidth,
    device: window.screen.width,
    content: Math.max(root.scrollWidth, body.scrollWidth),
    viewport,
    controls: [...new Set(controls.map((each) => labelled(each) || named(each)).filter(Boolean))],
    small: small.map(({ each }) => named(each) || each.outerHTML.slice(0, 80)),
    letters,
    tiny,
    plugins: [...document.querySelectorAll('object, embed, applet')].map((each) =>
      each.type || each.getAttribute('classid') || each.getAttribute('code') || each.tagName.toLowerCase())
      .filter((kind) => !/^(image|text|application\/pdf|audio|video)/.test(kind)),
    links: [...document.querySelectorAll('a[href]')].map((each) => [named(each), each.href]),
    fields: fields.map((each) => ({
      label: labelled(each),
      group: grouped(each) ? (grouped(each).querySelector('legend') || {}).innerText || '' : '',
      type: each.type || '',
      name: each.name || '',
      autocomplete: each.autocomplete || '',
    })),
    passwords: document.querySelectorAll('input[type=password]').length,
    paragraphs: [...document.querySelectorAll('p, li, dd, label, legend')].filter(shown)
      .map((each) => each.innerText.replace(/\s+/g, ' ').trim()).filter(Boolean).slice(0, 2000),
    rows: Math.max(0, ...[...document.querySelectorAll('table')].map((table) =>
      table.querySelectorAll('tbody tr').length)),
  };
}
