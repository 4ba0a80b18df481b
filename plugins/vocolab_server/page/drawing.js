// Pictures of the sound: its waveform with the words over it, and its mel spectrogram.
const FFT = 1024;
const HOP = 512;
const BANDS = 64;
const LOWEST_DB = -80;

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function drawWave(canvas, player, words) {
  const draw = canvas.getContext("2d");
  const { width, height } = canvas;
  draw.clearRect(0, 0, width, height);
  if (!player.length) return;
  const at = player.position;
  const x = (seconds) => (seconds / player.seconds) * width;
  draw.fillStyle = color("--said");
  for (const word of words) {
    if (at >= word.start_s && at < word.end_s) draw.fillRect(x(word.start_s), 0, x(word.end_s - word.start_s), height);
  }
  draw.fillStyle = color("--accent");
  peaks(player, width).forEach(([low, high], column) => {
    draw.fillRect(column, (1 - high) * height / 2, 1, Math.max(1, (high - low) * height / 2));
  });
  if (!player.isOver) {
    draw.fillStyle = color("--ink");
    draw.fillRect(x(Math.min(at, player.seconds)), 0, 2, height);
  }
}

let known = { player: null, length: 0, at: 0, columns: [] };

// The least and the greatest sample of each column: looked for again when there is more sound, a few times a second.
function peaks(player, width) {
  const now = performance.now();
  const isNew = known.player !== player || (known.length !== player.length && now - known.at > 250);
  if (!isNew) return known.columns;
  const step = player.length / width;
  const columns = Array.from({ length: width }, (_, column) => {
    let [low, high] = [0, 0];
    const end = Math.min(player.length, Math.ceil((column + 1) * step));
    for (let place = Math.floor(column * step); place < end; place += 1) {
      low = Math.min(low, player.samples[place]);
      high = Math.max(high, player.samples[place]);
    }
    return [low, high];
  });
  known = { player, length: player.length, at: now, columns };
  return columns;
}

let analysed = { player: null, columns: [], filters: [] };

// The levels of each band, 0 to 1, one column for each hop; only what has come since the last call is analysed.
function melColumns(player) {
  if (analysed.player !== player) analysed = { player, columns: [], filters: melFilters(player.rate) };
  const { columns, filters } = analysed;
  for (let start = columns.length * HOP; start + FFT <= player.length; start += HOP) {
    const power = spectrum(player.samples, start);
    columns.push(filters.map(({ first, weights }) => {
      let sum = 0;
      for (let at = 0; at < weights.length; at += 1) sum += weights[at] * power[first + at];
      return Math.min(1, Math.max(0, 1 - (10 * Math.log10(sum + 1e-12)) / LOWEST_DB));
    }));
  }
  return columns;
}

export function drawMel(canvas, player) {
  if (!player.rate) return;
  const columns = melColumns(player);
  const frames = Math.min(canvas.width, columns.length);
  if (!frames) return;
  const draw = canvas.getContext("2d");
  const picture = draw.createImageData(frames, BANDS);
  for (let frame = 0; frame < frames; frame += 1) {
    const column = columns[Math.floor((frame * columns.length) / frames)];
    for (let band = 0; band < BANDS; band += 1) {
      shade(picture.data, 4 * ((BANDS - 1 - band) * frames + frame), column[band]);
    }
  }
  const small = Object.assign(document.createElement("canvas"), { width: frames, height: BANDS });
  small.getContext("2d").putImageData(picture, 0, 0);
  draw.imageSmoothingEnabled = false;
  draw.drawImage(small, 0, 0, canvas.width, canvas.height);
}

function shade(data, at, level) {
  data[at] = 255 * Math.min(1, 1.6 * level * level);
  data[at + 1] = 255 * Math.max(0, 1.4 * level - 0.4);
  data[at + 2] = 255 * Math.min(1, 0.25 + level * (1 - level) * 2);
  data[at + 3] = 255;
}

const mel = (hz) => 2595 * Math.log10(1 + hz / 700);
const hz = (value) => 700 * (10 ** (value / 2595) - 1);

function melFilters(rate) {
  const edges = Array.from({ length: BANDS + 2 }, (_, band) =>
    (hz((mel(rate / 2) * band) / (BANDS + 1)) * FFT) / rate);
  return Array.from({ length: BANDS }, (_, band) => {
    const [low, middle, high] = edges.slice(band, band + 3);
    const first = Math.floor(low);
    const weights = [];
    for (let bin = first; bin <= Math.min(FFT / 2, Math.ceil(high)); bin += 1) {
      weights.push(Math.max(0, Math.min((bin - low) / (middle - low), (high - bin) / (high - middle))));
    }
    return { first, weights };
  });
}

const windowed = Float64Array.from({ length: FFT }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / FFT));

const cosines = Float64Array.from({ length: FFT / 2 }, (_, at) => Math.cos((-2 * Math.PI * at) / FFT));
const sines = Float64Array.from({ length: FFT / 2 }, (_, at) => Math.sin((-2 * Math.PI * at) / FFT));

// The power of each bin of a windowed stretch, by a radix-2 FFT.
function spectrum(samples, start) {
  const [real, imaginary] = [new Float64Array(FFT), new Float64Array(FFT)];
  for (let at = 0, swapped = 0; at < FFT; at += 1) {
    real[swapped] = samples[start + at] * windowed[at];
    let bit = FFT >> 1;
    for (; swapped & bit; bit >>= 1) swapped ^= bit;
    swapped |= bit;
  }
  for (let half = 1; half < FFT; half *= 2) {
    const stride = FFT / (2 * half);
    for (let first = 0; first < FFT; first += 2 * half) {
      for (let at = 0; at < half; at += 1) {
        const even = first + at;
        const odd = even + half;
        const cos = cosines[at * stride];
        const sin = sines[at * stride];
        const re = real[odd] * cos - imaginary[odd] * sin;
        const im = real[odd] * sin + imaginary[odd] * cos;
        real[odd] = real[even] - re;
        imaginary[odd] = imaginary[even] - im;
        real[even] += re;
        imaginary[even] += im;
      }
    }
  }
  return Float64Array.from({ length: FFT / 2 + 1 }, (_, bin) => (real[bin] ** 2 + imaginary[bin] ** 2) / FFT);
}
