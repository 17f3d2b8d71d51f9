// What a reader would see go wrong on a page, by the boxes of what is drawn.
() => {
  const seen = box => box.width > 0 && box.height > 0;
  const faults = [];
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    if (!seen(frame)) continue;
    const labels = [...svg.querySelectorAll('text')]
      .filter(e => e.textContent.trim())
      .map(e => [e.textContent, e.getBoundingClientRect()])
      .filter(([, box]) => seen(box));
    labels.forEach(([text, box], at) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
          box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        faults.push(['cut', text]);
      for (const [other, its] of labels.slice(at + 1))
        if (box.left < its.right && its.left < box.right &&
            box.top < its.bottom && its.top < box.bottom)
          faults.push(['overlap', text, other]);
    });
  }
  // A word of ordinary length is never broken over two lines without a hyphen.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const parent = node.parentElement;
    if (parent.closest('svg, code, style, .file, .hidden, .skip')) continue;
    for (const word of node.data.matchAll(/[\p{L}\p{N},.:%]{2,14}(?![\p{L}\p{N}_])/gu)) {
      if (/[\p{L}\p{N}_]/u.test(node.data[word.index - 1] || '')) continue;
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter(seen);
      if (boxes.some(box => box.top >= boxes[0].bottom - 1))
        faults.push(['broken', word[0], parent.tagName]);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1)
    faults.push(['wider than the screen', document.documentElement.scrollWidth]);
  return faults;
}
