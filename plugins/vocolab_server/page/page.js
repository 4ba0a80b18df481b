// The page: what is asked for, what comes, what is shown of it. Parts of their own: player.js, drawing.js, calls.js.
import { curlCall, pythonCall } from "./calls.js";
import { drawMel, drawWave } from "./drawing.js";
import { Player, decodeWav } from "./player.js";

const $ = (id) => document.getElementById(id);
const CONTROLS = ["speed", "pitch_semitones", "pitch_range", "energy_db", "pauses"];
const NEUTRAL = { speed: 1, pitch_semitones: 0, pitch_range: 1, energy_db: 0, pauses: 1 };
const FINISHED = ["mp3", "opus", "flac", "wav"];

const state = { presets: {}, formats: [], player: null, asking: null, words: [], spans: [], now: -1, url: "" };

function headers() {
  const key = $("key").value.trim();
  return { "Content-Type": "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}) };
}

function body() {
  const asked = { input: $("text").value, voice: $("voice").value };
  for (const name of CONTROLS) {
    const value = Number($(name).value);
    if (value !== NEUTRAL[name]) asked[name] = value;
  }
  if ($("input_form").value) asked.input_form = $("input_form").value;
  if ($("preset").value) asked.preset = $("preset").value;
  return { ...asked, response_format: $("format").value };
}

function showError(message) {
  $("error").textContent = message;
  $("error").hidden = !message;
}

async function refusal(answer) {
  try {
    return (await answer.json()).error.message;
  } catch {
    return `the server answered ${answer.status}`;
  }
}

async function ask(path) {
  const answer = await fetch(path, { headers: headers() });
  if (!answer.ok) throw new Error(await refusal(answer));
  return answer.json();
}

function fill(select, rows, chosen) {
  select.append(...rows.map(({ id, text }) => new Option(text, id, id === chosen, id === chosen)));
}

async function learn() {
  const [voices, can] = await Promise.all([ask("v1/audio/voices"), ask("v1/vocolab/capabilities")]);
  $("voice").replaceChildren();
  fill($("voice"), voices.voices.map(({ id, summary }) => ({ id, text: `${id}: ${summary}` })), can.voice);
  $("preset").length = 1;
  fill($("preset"), can.presets.map(({ id, summary }) => ({ id, text: `${id}: ${summary}` })));
  state.presets = Object.fromEntries(can.presets.map((one) => [one.id, one]));
  state.formats = can.formats;
  offerFormats();
  $("state").textContent = "Ready.";
}

function offerFormats() {
  const before = $("format").value || "mp3";
  const offered = $("preset").value ? state.formats.filter((name) => FINISHED.includes(name)) : state.formats;
  $("format").replaceChildren();
  fill($("format"), offered.map((id) => ({ id, text: id })), offered.includes(before) ? before : "mp3");
}

async function speak(event) {
  event.preventDefault();
  stop();
  showError("");
  const asking = (state.asking = new AbortController());
  const player = (state.player = new Player());
  busy(true);
  begin();
  try {
    await (body().preset ? finished(player, asking.signal) : streamed(player, asking.signal));
    player.ended();
  } catch (error) {
    if (error.name !== "AbortError") {
      showError(error.message);
      $("state").textContent = "It did not come to its end.";
      player.stop();
    }
  } finally {
    busy(false, player);
  }
}

function begin() {
  state.words = [];
  state.spans = [];
  state.now = -1;
  $("words").replaceChildren();
  $("figures").replaceChildren();
  $("mel").getContext("2d").clearRect(0, 0, $("mel").width, $("mel").height);
  $("download").hidden = true;
  $("state").textContent = "Speaking …";
  requestAnimationFrame(follow);
}

// Heard from a stream of WAV in events; what is to be downloaded is asked for in its own format when it is wanted.
async function streamed(player, signal) {
  const started = performance.now();
  const answer = await post({ ...body(), response_format: "wav", stream_format: "sse" }, signal);
  let first = true;
  let done = false;
  for await (const event of events(answer.body)) {
    if (event.type === "error") throw new Error(event.error.message);
    if (event.type === "speech.words") addWords(event.words);
    if (event.type === "speech.audio.delta") {
      player.feed(bytesOf(event.audio));
      if (first) figure("First sound", `${Math.round(performance.now() - started)} ms`);
      first = false;
    }
    if (event.type === "speech.audio.done") done = true;
    draw(player);
  }
  if (!done) throw new Error("the speech broke off");
  player.ended();
  draw(player);
  figure("Length", `${player.seconds.toFixed(2)} s`);
  offer(null);
}

async function finished(player, signal) {
  const asked = body();
  const answer = await (await post({ ...asked, stream_format: "json" }, signal)).json();
  addWords(answer.words);
  const data = bytesOf(answer.audio);
  player.whole(await decodeWav(player, data));
  draw(player);
  showReport(answer.report, state.presets[asked.preset]);
  offer(new Blob([data], { type: answer.media_type }));
}

async function post(asked, signal) {
  const answer = await fetch("v1/vocolab/speech", {
    method: "POST", headers: headers(), body: JSON.stringify(asked), signal });
  if (!answer.ok) throw new Error(await refusal(answer));
  return answer;
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("the speech broke off");
    }
    if (part.done) return;
    rest += part.value;
    for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
      yield JSON.parse(rest.slice(6, end));
    }
  }
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function addWords(words) {
  for (const word of words) {
    const last = state.words.at(-1);
    if (last && last.source_start === word.source_start && last.source_end === word.source_end) {
      last.end_s = word.end_s; // several words of one number
      continue;
    }
    const span = document.createElement("span");
    span.textContent = word.source + word.punctuation;
    $("words").append(span, " ");
    state.words.push({ ...word });
    state.spans.push(span);
  }
}

function follow() {
  const player = state.player;
  if (!player) return;
  const at = player.position;
  const number = state.words.findIndex((word) => at >= word.start_s && at < word.end_s);
  if (number !== state.now) {
    state.spans[state.now]?.classList.remove("now");
    state.spans[number]?.classList.add("now");
    state.now = number;
  }
  drawWave($("wave"), player, state.words);
  if (player.isOver) {
    if (!state.asking) $("state").textContent = $("error").hidden ? "Ready." : $("state").textContent;
    return;
  }
  requestAnimationFrame(follow);
}

let drawn = 0;
function draw(player) {
  if (performance.now() - drawn < 200 && !player.isWhole) return;
  drawn = performance.now();
  drawMel($("mel"), player);
}

function figure(name, value) {
  const [term, what] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = name;
  what.textContent = value;
  $("figures").append(term, what);
}

function showReport(report, preset) {
  figure("Length", `${report.seconds.toFixed(2)} s`);
  const wanted = preset?.integrated_lufs;
  const aim = wanted == null ? "" : `; the preset wants ${wanted} LUFS`;
  if (report.integrated_lufs != null) figure("Loudness", `${report.integrated_lufs.toFixed(1)} LUFS${aim}`);
  if (report.true_peak_dbtp != null) {
    const most = preset?.true_peak_dbtp == null ? "" : `; the preset allows ${preset.true_peak_dbtp} dBTP`;
    figure("True peak", `${report.true_peak_dbtp.toFixed(1)} dBTP${most}`);
  }
  figure("Preset", report.met ? "met" : "missed");
}

function offer(blob) {
  if (state.url) URL.revokeObjectURL(state.url);
  const link = $("download");
  const asked = body();
  link.download = `speech.${asked.response_format}`;
  state.url = blob ? URL.createObjectURL(blob) : "";
  link.href = state.url || "#";
  link.hidden = false;
  link.onclick = blob ? null : (event) => fetchDownload(event, asked);
}

async function fetchDownload(event, asked) {
  event.preventDefault();
  try {
    offer(await (await post(asked)).blob());
    $("download").click();
  } catch (error) {
    showError(error.message);
  }
}

function stop() {
  state.asking?.abort();
  state.player?.stop();
  busy(false);
}

function busy(isBusy, player = null) {
  if (!isBusy && player && player !== state.player) return;
  if (!isBusy) state.asking = null;
  $("speak").disabled = isBusy;
  $("stop").disabled = !isBusy && (!state.player || state.player.isOver);
}

async function copy(make, button) {
  const text = make(location.origin, body(), Boolean($("key").value));
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = said), 1500);
  } catch {
    showError(`The browser does not let this page copy. The call is: ${text}`);
  }
}

for (const name of CONTROLS) {
  const shown = document.querySelector(`output[for="${name}"]`);
  const show = () => (shown.textContent = $(name).value);
  $(name).addEventListener("input", show);
  show();
}
$("form").addEventListener("submit", speak);
$("stop").addEventListener("click", stop);
$("preset").addEventListener("change", offerFormats);
$("curl").addEventListener("click", () => copy(curlCall, $("curl")));
$("python").addEventListener("click", () => copy(pythonCall, $("python")));
$("key").addEventListener("change", () => start());
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("form").requestSubmit();
});

function start() {
  showError("");
  learn().catch((error) => {
    $("state").textContent = "The server does not say what it has.";
    showError(error.message);
  });
}
start();
