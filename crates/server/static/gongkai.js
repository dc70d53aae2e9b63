// Makes pages smoother. Everything here also works without it, as plain links and forms.
"use strict";

// A second question before what cannot be taken back easily; and one post a click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    // A download leaves the page where it is, and may be wanted again.
    if (form.dataset.gets) return;
    form.dataset.sent = "yes";
    // Coming back with the browser's button must find a form that can be sent.
    window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  }
});

// The list of problems gets the focus, so that it is read first.
document.getElementById("problems")?.focus();

// A filter applies as soon as a choice is made.
for (const form of document.querySelectorAll("form.filter")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox]")) form.requestSubmit();
  });
}

// The editor: figures are put in at the cursor, and the preview follows the typing.
const editor = document.querySelector("form.editor textarea");
if (editor) {
  for (const code of document.querySelectorAll("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "insert";
    button.textContent = code.dataset.insert;
    // The name holds what is seen, so that a voice command can say it (WCAG 2.5.3).
    const figure = code.closest("tr").querySelector("th").textContent;
    button.setAttribute("aria-label", `插入${figure}：${code.dataset.insert}`);
    button.addEventListener("click", () => {
      editor.setRangeText(code.dataset.insert, editor.selectionStart, editor.selectionEnd, "end");
      editor.focus();
      editor.dispatchEvent(new Event("input", { bubbles: true }));
    });
    code.replaceWith(button);
  }
  const form = editor.form;
  let timer = 0;
  let latest = 0;
  const refresh = async () => {
    const turn = ++latest;
    const data = new URLSearchParams(new FormData(form));
    data.set("button", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("preview");
      if (turn !== latest || !fresh) return;
      const wrong = page.getElementById("problems");
      if (wrong) {
        fresh.append(...wrong.querySelectorAll("ul"));
      }
      document.getElementById("preview").replaceChildren(...fresh.childNodes);
    } catch {
      // The button still previews.
    }
  };
  editor.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 500);
  });
}

// Redaction: a rectangle drawn on a page becomes a line of the field, in per cent of the page; the field stays the truth.
for (const pages of document.querySelectorAll("[data-regions]")) {
  const field = document.getElementById(pages.dataset.regions);
  if (!field) continue;
  const draw = () => {
    for (const old of pages.querySelectorAll(".redact-box")) old.remove();
    for (const line of field.value.split("\n")) {
      const [page, left, top, right, bottom] = line.split(/[\s,，、]+/).filter(Boolean).map(parseFloat);
      const sheet = pages.querySelector(`[data-page="${page}"]`);
      if (!sheet || !(right > left && bottom > top)) continue;
      const box = document.createElement("div");
      box.className = "redact-box";
      Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` });
      sheet.append(box);
    }
  };
  field.addEventListener("input", draw);
  for (const sheet of pages.querySelectorAll("[data-page]")) {
    let start = null;
    const place = (event) => {
      const frame = sheet.getBoundingClientRect();
      const part = (at, from, size) => Math.min(100, Math.max(0, ((at - from) / size) * 100));
      return [part(event.clientX, frame.left, frame.width), part(event.clientY, frame.top, frame.height)];
    };
    sheet.addEventListener("pointerdown", (event) => {
      start = place(event);
      sheet.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    sheet.addEventListener("pointerup", (event) => {
      if (!start) return;
      const end = place(event);
      const [left, right] = [start[0], end[0]].sort((a, b) => a - b);
      const [top, bottom] = [start[1], end[1]].sort((a, b) => a - b);
      start = null;
      if (right - left < 0.3 || bottom - top < 0.3) return;
      const numbers = [left, top, right, bottom].map((n) => n.toFixed(1)).join(" ");
      field.value = `${field.value.trimEnd()}\n${sheet.dataset.page} ${numbers}`.trimStart();
      draw();
    });
  }
  draw();
}

// A part of the page follows the typing: the form is sent in the background, and the part of the same id in its answer
// takes the place of the old one. The form keeps its button for readers without script.
for (const form of document.querySelectorAll("form[data-live]")) {
  let timer = 0;
  let latest = 0;
  const refresh = async () => {
    const turn = ++latest;
    const query = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(`${form.action}?${query}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(form.dataset.live);
      if (turn !== latest || !fresh) return;
      // What has a role of its own stays in its place, so that screen readers notice that it changed.
      const part = document.getElementById(form.dataset.live);
      const [said, says] = [part.querySelector("[role=status]"), fresh.querySelector("[role=status]")];
      for (const child of [...part.children]) if (child !== said) child.remove();
      for (const child of [...fresh.children]) {
        if (child !== says) part.append(child);
        else part.append(said);
      }
      said.textContent = says.textContent;
    } catch {
      // The button still finds.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 300);
  });
}

// What takes more than one request goes on by itself; without script a button of the form does.
for (const form of document.querySelectorAll("form[data-continue]")) {
  // Time to read how far it is, and to leave the page.
  setTimeout(() => form.requestSubmit(), 1000);
}

// Published items like what is typed appear under the field. Without script a button of the form shows them.
for (const area of document.querySelectorAll("textarea[data-look]")) {
  const list = document.getElementById(area.dataset.look);
  let timer = 0;
  let latest = 0;
  let last = area.value.trim();
  const refresh = async () => {
    const said = area.value.trim();
    if (said === last) return;
    last = said;
    const turn = ++latest;
    const row = area.name.replace("subject", "addressee");
    const data = new URLSearchParams({ subject: said, addressee: area.form.elements[row]?.value ?? "" });
    if (area.form.querySelector("[name=seen]")) data.set("seen", "yes");
    try {
      const answer = await fetch("/ask/look", { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".found");
      // Once shown it was shown, also when the list has become empty since.
      const seen = area.form.querySelector("[name=seen]");
      if (turn === latest && fresh) list.replaceChildren(...fresh.childNodes);
      if (seen && !seen.isConnected) area.form.append(seen);
    } catch {
      // The button still finds.
    }
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 800);
  });
}

// What the agency chosen offers to fill in follows the choice. What was filled in for another goes into the description,
// as the form itself does without script.
for (const choice of document.querySelectorAll("select[data-group]")) {
  choice.form.querySelector("button[value=unit]")?.remove();
  const row = choice.name.split("-")[1] ?? "1";
  let latest = 0;
  choice.addEventListener("change", async () => {
    const part = document.getElementById(choice.dataset.group);
    const turn = ++latest;
    try {
      const answer = await fetch(`/ask/detail?${new URLSearchParams({ unit: choice.value, row })}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".group");
      if (turn !== latest || !fresh) return;
      const area = choice.form.elements[choice.name.replace("addressee", "subject")];
      for (const field of part.querySelectorAll(".field")) {
        const text = field.querySelector("input").value.trim();
        const label = field.querySelector("label").firstChild.textContent;
        if (text) area.value = `${area.value.trimEnd()}\n${label}：${text}`.trimStart();
      }
      part.replaceChildren(...fresh.childNodes);
    } catch {
      // The form asks again when it is sent.
    }
  });
}

// The look is switched where the reader is, so that nothing typed is lost.
for (const form of document.querySelectorAll("form.look-switch")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { large } = form.elements;
    const button = form.querySelector("button");
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
      .then((answer) => {
        if (answer.type !== "opaqueredirect") return form.submit();
        const now = large.value === "yes";
        document.documentElement.classList.toggle("large", now);
        large.value = now ? "no" : "yes";
        button.textContent = now ? "返回标准版" : "关怀版";
      })
      .catch(() => form.submit());
  });
}

// Printing needs script; without it there is no button.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A terminal waits for a sign of its visitor, asks, and then begins anew with nothing of what was typed. Without script
// the page gives way by itself.
const idle = document.getElementById("idle");
if (idle) {
  const START = "/terminal";
  const { idle: wait, warn } = document.documentElement.dataset;
  const left = document.getElementById("idle-left");
  let last = Date.now();
  // Nobody is missed on a start page that nobody has touched.
  let begun = location.pathname !== START;
  const sign = () => {
    // Once it is asked, only an answer counts: a sleeve on the glass is none.
    if (idle.open) return;
    last = Date.now();
    begun = true;
  };
  const stay = () => {
    last = Date.now();
    idle.close();
  };
  const end = () => {
    for (const form of document.forms) form.reset();
    location.replace(`${START}?over=yes`);
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "input", "wheel", "touchstart", "scroll"]) {
    document.addEventListener(kind, sign, { passive: true, capture: true });
  }
  document.getElementById("idle-stay").addEventListener("click", stay);
  idle.addEventListener("cancel", stay);
  // While the paper is chosen nothing of the page runs.
  window.addEventListener("afterprint", sign);
  setInterval(() => {
    if (!begun) return;
    const rest = Math.ceil(Number(wait) - (Date.now() - last) / 1000);
    if (rest <= 0) {
      begun = false;
      end();
    } else if (rest <= Number(warn) && Number(wait) > Number(warn)) {
      if (!idle.open) idle.showModal();
      left.textContent = String(rest);
    }
  }, 500);
  // A page that the browser kept aside as it was may be somebody else's.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace(START);
  });
}
