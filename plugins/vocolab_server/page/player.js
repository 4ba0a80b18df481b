// Sound as it comes: blocks of a streamed WAV are put one behind the other on the clock of the audio device.
const AHEAD_S = 0.08;
const HEADER_BYTES = 44;

export class Player {
  constructor() {
    this.context = new AudioContext();
    this.samples = new Float32Array(1 << 16);
    this.length = 0;
    this.rate = 0;
    this.isWhole = false;
    this._rest = new Uint8Array(0);
    this._begun = false;
    this._startedAt = 0;
    this._next = 0;
    this._playing = new Set();
    this._stopped = false;
  }

  get seconds() {
    return this.rate ? this.length / this.rate : 0;
  }

  // Where in the speech what is heard now stands.
  get position() {
    return this._startedAt ? this.context.currentTime - this._startedAt : 0;
  }

  get isOver() {
    return this._stopped || (this.isWhole && this.position >= this.seconds);
  }

  // Bytes of a WAV of 16 bits and one channel, however they are cut.
  feed(bytes) {
    let data = join(this._rest, bytes);
    if (!this._begun) {
      if (data.length < HEADER_BYTES) {
        this._rest = data;
        return;
      }
      this.rate = new DataView(data.buffer, data.byteOffset).getUint32(24, true);
      this._begun = true;
      data = data.subarray(HEADER_BYTES);
    }
    const count = data.length >> 1;
    this._rest = data.slice(2 * count);
    const view = new DataView(data.buffer, data.byteOffset, 2 * count);
    const block = new Float32Array(count);
    for (let at = 0; at < count; at += 1) block[at] = view.getInt16(2 * at, true) / 32768;
    this._add(block);
  }

  // A sound that is there at once.
  whole(buffer) {
    this.rate = buffer.sampleRate;
    this._add(buffer.getChannelData(0));
    this.ended();
  }

  ended() {
    this.isWhole = true;
  }

  stop() {
    this._stopped = true;
    for (const source of this._playing) source.stop();
    this._playing.clear();
    if (this.context.state !== "closed") this.context.close();
  }

  _add(block) {
    if (!block.length || this._stopped) return;
    if (this.length + block.length > this.samples.length) {
      const larger = new Float32Array(2 * (this.length + block.length));
      larger.set(this.samples.subarray(0, this.length));
      this.samples = larger;
    }
    this.samples.set(block, this.length);
    this.length += block.length;
    this._play(block);
  }

  _play(block) {
    const now = this.context.currentTime;
    if (!this._startedAt) this._next = this._startedAt = now + AHEAD_S;
    if (this._next < now) {
      this._startedAt += now + AHEAD_S - this._next; // it came too late: everything after it is heard later
      this._next = now + AHEAD_S;
    }
    const buffer = this.context.createBuffer(1, block.length, this.rate);
    buffer.copyToChannel(block, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.onended = () => this._playing.delete(source);
    source.start(this._next);
    this._playing.add(source);
    this._next += block.length / this.rate;
  }
}

// A finished file of any format, as samples.
export function decodeWav(player, data) {
  return player.context.decodeAudioData(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

function join(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
