// The chat page in the browser: what was posted appears, the view stays at the newest message, what was typed is kept.
// Without it the page still works, as plain forms.
"use strict";

const log = document.getElementById("log");
const composer = document.getElementById("write");
const text = document.getElementById("text");
const lost = document.getElementById("lost");
const failed = document.getElementById("failed");
const gone = document.getElementById("gone");
const newer = document.getElementById("newer");

// --- the newest message is in view, unless somebody reads further up

const NEAR = 120;
const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
const toEnd = () => {
  log.scrollTop = log.scrollHeight;
  composer.scrollIntoView({ block: "end" }); // where there is little height, the page scrolls as a whole
};

log.addEventListener("scroll", () => { newer.hidden ||= atEnd(); });
newer.addEventListener("click", () => { toEnd(); log.focus(); });

function tell(html, answered = false) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const message = holder.content.querySelector(".message");
  const known = message && document.getElementById(message.id);
  if (!message) return;
  if (!known) add(message);
  else if (answered || changed(known) < changed(message)) exchange(known, message, answered); // told twice, shown once
}

const changed = (message) => Number(message.dataset.changed);
const number = (message) => Number(message.id.slice(2));

function add(message) {
  const thread = message.dataset.thread;
  const within = thread === "0" ? log : document.getElementById("replies-" + thread);
  if (!within || "removed" in message.dataset) return;
  let next = null;
  for (let one = within.lastElementChild; one?.matches(".message") && number(one) > number(message); one = one.previousElementSibling) next = one;
  // What is older than all that is shown has its place among the earlier messages.
  if (next && next === log.querySelector(".message") && log.querySelector(".earlier")) return;
  const follow = atEnd() || message.classList.contains("mine");
  document.getElementById("empty")?.remove();
  within.insertBefore(message, next);
  htmx.process(message);
  const below = message.getBoundingClientRect().top >= log.getBoundingClientRect().bottom;
  if (!follow && below) newer.hidden = false;
  if (!follow || next) return;
  if (thread === "0") toEnd();
  // A card that is higher than the view is read from its beginning.
  const high = message.offsetHeight > log.clientHeight;
  if (high || thread !== "0") message.scrollIntoView({ block: high ? "start" : "nearest" });
}

// --- what has changed: everything of a message but its replies is put in the place of what was there

const IN_FORM = "[name^='field.']";
const ticked = (field) => field.type === "radio" || field.type === "checkbox";

function exchange(known, message, answered) {
  const follow = atEnd();
  const [what, fresh] = [known, message].map((one) => one.querySelector(":scope > .what"));
  const replies = what.querySelector(":scope > .replies");
  const parts = [...what.children].filter((part) => part !== replies);
  const focused = parts.some((part) => part.contains(document.activeElement)) ? document.activeElement : null;
  const waits = answered || parts.some((part) => part.querySelector(".asks.htmx-request"));
  if ("removed" in message.dataset && !replies?.childElementCount) return remove(known, focused);
  fresh.querySelector(":scope > .replies")?.remove();
  if (!answered) keepTyped(parts.flatMap((part) => [...part.querySelectorAll(IN_FORM)]), fresh);
  parts.forEach((part) => part.remove());
  what.prepend(...fresh.childNodes);
  known.className = message.className;
  Object.assign(known.dataset, message.dataset);
  htmx.process(what);
  if (follow) toEnd();
  if (waits || focused) focusWithin(known, focused?.id);
}

// What was typed into a form stays, also if the card around it is another one now.
function keepTyped(fields, fresh) {
  const theirs = [...fresh.querySelectorAll(IN_FORM)];
  for (const field of fields) {
    const same = theirs.find((one) => one.name === field.name && (!ticked(one) || one.value === field.value));
    if (!same) continue;
    if (ticked(field)) same.checked = field.checked;
    else if (field.value !== field.defaultValue) same.value = field.value;
  }
}

// The first thing that is wrong has the focus, or what had it, or the word that it arrived.
function focusWithin(message, id) {
  const wrong = message.querySelector("[aria-invalid]");
  const first = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
  const same = id ? document.getElementById(id) : null;
  (first ?? (message.contains(same) ? same : null) ?? message.querySelector(".done") ?? message).focus();
  wrong?.closest(".ask").scrollIntoView({ block: "nearest" }); // with its question and what is wrong
}

function remove(message, focused) {
  const root = message.parentElement.closest(".message");
  message.remove();
  if (root && "removed" in root.dataset && !root.querySelector(".message")) root.remove();
  gone.textContent = "";
  gone.textContent = "A message was taken back.";
  if (focused) log.focus();
}

// --- what is posted or changed, as it happens; after a lost connection, from what was told last

let source = null;
let last = log.dataset.after;
let again = 0;
let pause = 1000;

function told(event) {
  if (event.lastEventId) last = event.lastEventId;
}

function connect() {
  clearTimeout(again);
  source?.close();
  source = new EventSource(log.dataset.live + "?after=" + encodeURIComponent(last));
  source.onopen = () => { lost.textContent = ""; pause = 1000; };
  source.onerror = () => {
    lost.textContent = "Connection lost. What is posted meanwhile appears as soon as it is back.";
    if (source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
    again = setTimeout(connect, pause);
    pause = Math.min(pause * 2, 10000);
  };
  source.addEventListener("message", (event) => { told(event); tell(event.data); });
  source.addEventListener("elsewhere", (event) => { told(event); mark(event.data); });
  source.addEventListener("clock", (event) => { document.getElementById("now").textContent = event.data; });
  source.addEventListener("reload", () => location.reload());
}

function mark(room) {
  for (const place of document.querySelectorAll("[data-room]")) {
    if (place.dataset.room === room) place.querySelector(".dot").hidden = false;
  }
}

// A browser keeps few connections to one address: windows that nobody sees give theirs back.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) { connect(); return; }
  clearTimeout(again);
  source?.close();
});

// --- writing

const grow = () => {
  text.style.height = "auto";
  text.style.height = text.scrollHeight + "px";
};

text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (text.value.trim()) composer.requestSubmit();
});

// One message after the other, in the order of typing; each has a mark of its own, so that it is said once even if
// it has to be sent again because nobody knows whether it arrived.
const waiting = [];
let notSent = null;

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(composer));
  fields.set("event", notSent?.get("text") === fields.get("text") ? notSent.get("event") : crypto.randomUUID());
  notSent = null;
  text.value = "";
  grow();
  text.focus();
  waiting.push(fields);
  if (waiting.length === 1) send();
});

async function send() {
  while (waiting.length) {
    const wrong = await sendOne(waiting[0]);
    fail(wrong);
    if (wrong) giveBack();
    else waiting.shift();
  }
}

async function sendOne(fields) {
  try {
    const answer = await fetch(composer.action, { method: "POST", body: fields, headers: { "HX-Request": "true" } });
    return answer.ok ? "" : (await answer.text()) || NOT_SENT;
  } catch {
    return NOT_SENT;
  }
}

function giveBack() {
  notSent = waiting[0];
  const texts = waiting.map((fields) => fields.get("text"));
  waiting.length = 0;
  text.value = [...texts, text.value].filter(Boolean).join("\n");
  grow();
}

const NOT_SENT = "That did not arrive: the server cannot be reached. Nothing you typed is lost.";
const fail = (why) => { failed.textContent = why; };

document.body.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr, requestConfig } = event.detail;
  fail(successful ? "" : (xhr?.status && xhr.responseText) || NOT_SENT);
  if (successful && requestConfig.path.endsWith("/form")) tell(xhr.responseText, true);
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  event.target.closest(".shown-as")?.scrollIntoView({ block: "nearest" });
});

if (!location.hash.startsWith("#m-")) toEnd();
grow();
connect();
