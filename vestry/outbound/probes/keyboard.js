/* Watches where the keyboard is, control by control. Evaluated once a page; what it knows stays with the probe. */
() => {
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, ' +
    '[contenteditable=true], [role=button], [role=link], [role=checkbox], [role=switch], [onclick]';
  /* One stop leads into these; the arrow keys do the rest. */
  const TOGETHER = '[role=tab], [role=menuitem], [role=option], [role=radio], [role=treeitem], [role=gridcell]';
  const NATIVE = /^(A|BUTTON|INPUT|SELECT|TEXTAREA|SUMMARY|IFRAME)$/;
  const shown = (each) => {
    const box = each.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    return each.checkVisibility ? each.checkVisibility({ visibilityProperty: true }) : true;
  };
  const named = (each) => {
    const labels = [...(each.labels || [])].map((label) => label.innerText).join(' ');
    return (labels || each.getAttribute('aria-label') || each.innerText || each.value || each.title ||
      each.getAttribute('name') || each.tagName.toLowerCase()).replace(/\s+/g, ' ').trim().slice(0, 80);
  };
  /* What is around a control may be pressed for it; what is around several controls is no control. */
  const counts = (each) => {
    if (!shown(each) || each.disabled || each.closest('[inert], [aria-hidden=true]')) return false;
    if (each.matches(TOGETHER) || each.closest('[aria-disabled=true]')) return false;
    if (NATIVE.test(each.tagName) || each.isContentEditable) return true;
    return each.tagName !== 'LABEL' && !each.querySelector(CONTROLS) && !each.parentElement.closest(CONTROLS);
  };
  const group = (each) => each.type === 'radio' && each.name
    ? [...document.querySelectorAll('input[type=radio]')].filter((one) => one.name === each.name && one.form === each.form)
    : [each];
  const SIDES = ['Top', 'Right', 'Bottom', 'Left'];
  const drawn = (style) => [
    style.outlineStyle === 'none' || !parseFloat(style.outlineWidth) ? '' : style.outline,
    style.boxShadow, style.backgroundColor, style.color, style.textDecorationLine, style.textDecorationThickness,
    ...SIDES.map((side) => parseFloat(style[`border${side}Width`])
      ? `${style[`border${side}Width`]} ${style[`border${side}Style`]} ${style[`border${side}Color`]}` : ''),
  ].join('|');
  const look = (each) => [each, each.parentElement, ...(each.labels || [])].filter(Boolean).flatMap((one) =>
    [null, '::before', '::after'].map((part) => drawn(getComputedStyle(one, part)))).join('\n');
  const inner = () => {
    let each = document.activeElement;
    while (each && each.shadowRoot && each.shadowRoot.activeElement) each = each.shadowRoot.activeElement;
    return each;
  };
  const stops = [];
  const there = [...document.querySelectorAll(CONTROLS)].filter(counts);
  return {
    many: there.length,
    /* Where it is now: outside, at a stop that is new, or at one where it has been. */
    step() {
      const each = inner();
      if (!each || each === document.body || each === document.documentElement) return { at: 'outside' };
      const before = stops.indexOf(each);
      if (before >= 0) return { at: 'again', which: before, framed: each.tagName === 'IFRAME', name: named(each) };
      const last = stops[stops.length - 1];
      stops.push(each);
      const back = !!last && !!(last.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING);
      return { at: 'new', which: stops.length - 1, name: named(each), back, framed: each.tagName === 'IFRAME' };
    },
    /* Whether it shows: it looks otherwise once it has lost the focus. Put back where it was. */
    shows() {
      const each = inner();
      if (each.tagName === 'IFRAME') return true;
      const with_it = look(each);
      each.blur();
      const changed = with_it !== look(each) || !shown(each);
      each.focus({ focusVisible: true, preventScroll: true });
      return changed;
    },
    box() {
      const box = inner().getBoundingClientRect();
      return [box.x, box.y, box.width, box.height];
    },
    blur() { inner().blur(); },
    focus(which) { stops[which].focus({ focusVisible: true, preventScroll: true }); },
    /* What was not come to, though it can be pressed or filled in. */
    missed() {
      const came = new Set(stops);
      const hrefs = new Set(stops.map((each) => each.href).filter(Boolean));
      return there.filter((each) => each.isConnected && counts(each) && !group(each).some((one) => came.has(one)) &&
        !(each.href && hrefs.has(each.href))).map(named);
    },
    /* Every form: what kind each of its controls is, whether it is full, and whether the keyboard came to it. */
    forms() {
      return [...document.forms].map((form) => {
        const kinds = [...form.elements].filter((each) => shown(each) && !each.disabled && !each.readOnly &&
          /^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(each.tagName)).map((each) => ({ name: named(each), type: each.type,
          full: each.maxLength >= 0 && each.value.length >= each.maxLength,
          which: stops.indexOf(group(each).find((one) => stops.includes(one))) }));
        return { fields: kinds.filter((each) => !/^(submit|button|image|reset)$/.test(each.type)),
          sends: kinds.filter((each) => /^(submit|image)$/.test(each.type)),
          presses: [...form.querySelectorAll('[role=button], [onclick]')].filter(shown).length };
      });
    },
    state(which) {
      const each = stops[which];
      return [each.value, each.checked, each.selectedIndex].join('|');
    },
  };
}
