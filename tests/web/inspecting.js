// What the accessibility tests measure in the page; each function returns what is wrong.

(() => {
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && !element.closest("[hidden], .hidden, .skip");
  };
  const shown = (element) => element.outerHTML.slice(0, 120);

  function colour(text) {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  }
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a), a: 1,
  });
  function ground(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const own = colour(getComputedStyle(at).backgroundColor);
      if (own.a > 0) layers.push(own);
      if (own.a === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  }
  function luminance({ r, g, b }) {
    const [x, y, z] = [r, g, b].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function ratio(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  window.inspecting = {
    /** Texts with less than 4.5 to 1 against their ground (placeholders of fields among them). */
    faint() {
      const wrong = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !visible(element) || element.closest("script, noscript")) continue;
        const under = ground(element);
        const found = ratio(over(colour(getComputedStyle(element).color), under), under);
        if (found < 4.5) wrong.push(`${found.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 40)} in ${shown(element)}`);
      }
      for (const field of document.querySelectorAll("textarea")) {
        const found = ratio(colour(getComputedStyle(field, "::placeholder").color), ground(field));
        if (visible(field) && found < 4.5) wrong.push(`${found.toFixed(2)} placeholder`);
      }
      return wrong;
    },

    /** Edges of fields and live buttons with less than 3 to 1 against what is around them. */
    edgeless() {
      return [...document.querySelectorAll("textarea, .row:not(.old) .choice, .row:not(.old) .control")]
        .filter((each) => visible(each) && ratio(colour(getComputedStyle(each).borderTopColor), ground(each.parentElement)) < 3)
        .map(shown);
    },

    /** What can be operated but has no name. */
    nameless() {
      return [...document.querySelectorAll("a, button, summary, textarea, input, img, dialog, [role]")]
        .filter((each) => (visible(each) || each.matches("dialog")) && !each.closest("[aria-hidden=true]"))
        .filter((each) => {
          const label = each.id && document.querySelector(`label[for="${each.id}"]`)?.textContent;
          const by = each.getAttribute("aria-labelledby");
          const name = each.getAttribute("aria-label") || label || (by && document.getElementById(by)?.textContent) ||
            each.getAttribute("alt") || (each.matches("a, button, summary") && each.textContent);
          return !each.matches("[role=status]") && !(name && name.trim());
        })
        .map(shown);
    },

    /** Buttons and fields under 44 pixels; links and buttons inside of a sentence are as high as their line. */
    small() {
      return [...document.querySelectorAll("a, button, summary, textarea")]
        .filter((each) => visible(each) && !each.closest(".words"))
        .filter((each) => {
          const box = each.getBoundingClientRect();
          return box.width < 44 || box.height < 43.9;
        })
        .map((each) => `${Math.round(each.getBoundingClientRect().width)}x${Math.round(each.getBoundingClientRect().height)} ${shown(each)}`);
    },

    /** Ids that are there twice, and labels that point to nothing. */
    dangling() {
      const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
      const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
      const nowhere = ["aria-labelledby", "aria-describedby", "aria-controls", "for"].flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].map((each) => each.getAttribute(name)).filter((id) => !document.getElementById(id)));
      return [...twice, ...nowhere];
    },

    /** How the element with the focus shows it; empty if it does not. */
    focus() {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ? style.outlineColor : "";
    },
  };
})();
