"""What a checkpoint is of when it is of nothing that vocolab takes: named, so that nobody looks for the fault here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NO_VOCODER = "vocolab takes vocoders and FastSpeech2"


@dataclass(frozen=True)
class Foreign:
    """A kind of model, and how it is told by the names in its file."""

    what: str
    """The sentence's beginning: "a VITS model: text to speech in one network"."""
    signs: tuple[str, ...]
    """Patterns each of which some name has to match from its beginning, or behind a wrapper's prefix."""
    note: str = ""
    """What to add."""


_LATENTS = "its decoder is built as a HiFi-GAN is, but expects the network's own latents and no mel"
_KINDS = (
    Foreign("a GPT-SoVITS model: speech from text and a reference in two networks",
            (r"(ssl_proj|enc_p\.ssl_proj)\.", r"(ref_enc|dec|enc_p)\."), _LATENTS),
    Foreign("the first network of GPT-SoVITS, which predicts tokens of speech", (r"ar_text_embedding\.",
        r"ar_audio_emb")),
    Foreign("an RVC model: voice conversion in one network", (r"enc_p\.emb_phone\.", r"dec\."), _LATENTS),
    Foreign("a so-vits-svc model: singing voice conversion in one network", (r"(enc_p|f0_decoder|pre)\.",
        r"dec\.(m_source|"
            r"noise_convs|conv_pre)", r"(emb_g|emb_uv|f0_decoder|f0_prenet)\."), _LATENTS),
    Foreign("a VITS model: text to speech in one network", (r"enc_p\.|text_encoder\.|posterior_encoder\.",
            r"(dec|waveform_decoder|decoder)\.(conv_pre|ups|upsampler|input_conv)",
                r"flow\.|dp\.|duration_predictor\."),
            _LATENTS),
    Foreign("a StyleTTS model: text to speech from a style vector", (r"(style_encoder|predictor)\.",
        r"(text_encoder|bert|"
            r"text_aligner)\.")),
    Foreign("a Tacotron 2: text to mels", (r"(encoder|decoder)\.(convolutions\.0|attention_rnn|prenet)",
            r"decoder\.(attention|decoder_rnn|attention_rnn|gate_layer)")),
    Foreign("a Glow-TTS model: text to mels", (r"encoder\.", r"decoder\.flows\.")),
    Foreign("a Grad-TTS or Matcha-TTS model: text to mels", (r"decoder\.estimator\.", r"encoder\.")),
    Foreign("a diffusion model of mels, as DiffSinger has", (r"(diffusion|denoise_fn|denoiser)\.",
            r".*(residual_layers|diffusion_projection|denoise_fn)")),
    Foreign("an XTTS or Tortoise model: text to speech by tokens", (r"gpt\.",
        r"(hifigan_decoder|mel_head|gpt\.mel_head)")),
    Foreign("a part of Bark, which predicts tokens of speech", (r"(transformer\.wte|input_embeds_layer)",
            r"(transformer\.h|layers)\.0\.")),
    Foreign("a DAC: a codec of audio as tokens", (r"quantizer\.quantizers\.0\.in_proj", r"decoder\.model\.")),
    Foreign("an EnCodec: a codec of audio as tokens", (r"quantizer\.(vq\.)?layers\.0\.",
        r"decoder\.(model|layers)\.0\.")),
    Foreign("a SpeechTokenizer or Mimi codec", (r"quantizer\.|split_rvq|encoder_transformer\.",
        r"(encoder|decoder)\.model\.")),
    Foreign("a speech recogniser, Whisper", (r"encoder\.(blocks|layers)\.0\.",
        r"decoder\.(token_embedding|embed_tokens)")),
    Foreign("a speech recogniser or encoder of the kind of wav2vec 2.0 or HuBERT", (r"(feature_extractor|"
            r"encoder\.pos_conv|mask_emb|masked_spec_embed)", r".*(conv_layers\.0\.|encoder\.layers\.0\.)")),
    Foreign("a speech recogniser", (r"(ctc|ctc_lo|joint|joint_network|decoder\.decoder_layers\.0|asr|lm_head)\b",
            r"(encoder|decoder|model)\.")),
    Foreign("a StyleMelGAN: a vocoder of a family that vocolab does not have",
            (r"noise_upsample\.", r"blocks\.0\.tade1\.")),
    Foreign("a uHiFiGAN: a vocoder of a family that vocolab does not have", (r"downsamples\.0\.", r"input_conv\.")),
    Foreign("a UnivNet of coqui's code, which is built otherwise than the published one",
            (r"first_conv\.", r"lvc_blocks\.0\.kernel_predictor\.")),
    Foreign("a WaveRNN", (r"(rnn1|I)\.weight", r"(upsample\.|fc1\.)")),
    Foreign("a WaveGrad", (r"(ublock|dblock|y_conv)\.", r".*film")),
    Foreign("a speaker encoder", (r"lstm\.weight_ih_l0", r"linear\.weight")),
)
_WRAPPER = r"(?:\w+\.){0,3}?"
_DISCRIMINATORS = re.compile(
    r"((mpd|msd|mrd|msstftd|discriminators?|model_d|net_d|disc)\b.*|.*discriminators\.\d+\..*)"
)
_OPTIMIZER_KEYS = {"state", "param_groups"}


def foreign_name(content: Any) -> str | None:
    """What the content is, in a sentence without its full stop, if it is known and nothing that vocolab takes."""
    if hasattr(content, "shape"):
        return _array(tuple(int(length) for length in content.shape))
    if not isinstance(content, Mapping):
        return None
    if set(content) >= _OPTIMIZER_KEYS or (content and all("optim" in str(key) for key in content)):
        return "the state of an optimizer and no weights; the model is in another file of the same training"
    names = list(_names(content))
    for kind in _KINDS:
        if all(any(re.match(_WRAPPER + f"(?:{sign})", name) for name in names) for sign in kind.signs):
            note = f"; {kind.note}" if kind.note else ""
            return f"{kind.what}; {_NO_VOCODER}{note}"
    if names and all(_DISCRIMINATORS.fullmatch(name) for name in names):
        return ("discriminators, which only training needs; the generator is in another file of the same training, g_* "
                "beside do_*")
    return None


def _array(shape: tuple[int, ...]) -> str:
    if len(shape) in (2, 3) and (shape[-2] in (80, 100, 128) or shape[-1] in (80, 100, 128)):
        return f"one tensor of the shape {shape}, as mels have, and no model; 'vocolab render' takes mels"
    return f"one tensor of the shape {shape} and no model"


def _names(content: Mapping[str, Any], prefix: str = "", levels: int = 4) -> Any:
    """Names of all tensors, keys of tables in front, without those of optimizers."""
    for key, value in content.items():
        name = f"{prefix}{key}"
        if hasattr(value, "shape"):
            yield name
        elif isinstance(value, Mapping) and levels and not re.match(r"(optim|sched|callback|loop)", str(key)):
            yield from _names(value, f"{name}.", levels - 1)
