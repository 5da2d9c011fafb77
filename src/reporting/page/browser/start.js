/** Goes where the address says: to a cell's evidence, or out of it. */
function follow() {
  const cell = cellOf(location.hash);
  const dialog = one('#evidence', HTMLDialogElement);
  if (cell) openCell(cell.operation, cell.rule);
  else if (dialog.open) dialog.close();
}

function listen() {
  const form = one('#filters', HTMLFormElement);
  form.addEventListener('input', showMatrix);
  form.addEventListener('reset', () => void setTimeout(showMatrix));
  form.addEventListener('submit', (event) => event.preventDefault());
  one('#grid', HTMLElement).addEventListener('keydown', moveInMatrix);
  one('#pages', HTMLElement).addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    view.page += Number(target.dataset['step']);
    drawPage();
  });
  document.querySelector('#key-table')?.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent) moveInKeys(event);
  });
  document.querySelector('#key-pages')?.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    keyView.page += Number(target.dataset['step']);
    drawKeys();
  });
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('[data-outcome]') : null;
    if (!(link instanceof HTMLElement)) return;
    choose(link.dataset['outcome'] ?? '', link.dataset['text'] ?? '');
    showMatrix();
  });
  listenToDialog(one('#evidence', HTMLDialogElement));
  window.addEventListener('hashchange', follow);
  window.addEventListener('beforeprint', openForPrint);
  window.addEventListener('afterprint', tidyAfterPrint);
  PHONE.addEventListener('change', () => {
    drawPage();
    drawKeys();
  });
}

/** @type {(dialog: HTMLDialogElement) => void} */
function listenToDialog(dialog) {
  dialog.addEventListener('click', ({ target }) => {
    const isOutside = target === dialog;
    if (isOutside || (target instanceof Element && target.closest('[data-close]'))) dialog.close();
  });
  dialog.addEventListener('close', () => {
    const { hash } = location;
    if (!cellOf(hash)) return;
    history.replaceState(null, '', location.pathname + location.search);
    // The browser has given the focus back to the link that opened the cell.
    if (document.activeElement?.closest('#key-table')) return;
    const link = document.querySelector(`#grid a[href="${CSS.escape(hash)}"]`);
    if (link instanceof HTMLAnchorElement) focusCell(link);
  });
}

/** What is folded would not be on the paper, and neither would the evidence of a finding, which a screen opens. */
function openForPrint() {
  drawKeys(true);
  for (const article of document.querySelectorAll('article[data-cell]')) {
    const cell = article instanceof HTMLElement ? cellOf(article.dataset['cell'] ?? '') : undefined;
    if (cell && !article.querySelector('.printed')) article.append(printedEvidence(cell.operation, cell.rule));
  }
  for (const details of document.querySelectorAll('main details, #evidence[open] details'))
    if (details instanceof HTMLDetailsElement) details.open = true;
}

function tidyAfterPrint() {
  drawKeys();
  for (const printed of document.querySelectorAll('.printed')) printed.remove();
}

listen();
showMatrix();
drawKeys();
follow();
