"""What is no checkpoint of a vocoder is called what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from vocolab.api import convert
from vocolab.errors import CheckpointError


def named(*names: str) -> dict[str, Any]:
    return {name: torch.zeros(2, 2) for name in names}


FILES: dict[str, tuple[Any, str]] = {
    "VITS": ({"model": named("enc_p.emb.weight", "dec.conv_pre.weight", "dec.ups.0.weight_v",
        "flow.flows.0.pre.weight")},
             "a VITS model: text to speech in one network; vocolab takes vocoders and FastSpeech2; its decoder is "
             "built"),
    "RVC": ({"weight": named("enc_p.emb_phone.weight", "dec.conv_pre.weight"), "info": "1"}, "an RVC model"),
    "so-vits-svc": ({"model": named("pre.weight", "enc_p.proj.weight", "dec.m_source.l_linear.weight", "emb_g.weight")},
                    "a so-vits-svc model"),
    "GPT-SoVITS": ({"weight": named("ssl_proj.weight", "enc_p.ssl_proj.weight", "dec.conv_pre.weight")}, "GPT-SoVITS"),
    "Tacotron 2": ({"state_dict": named("embedding.weight", "encoder.convolutions.0.0.conv.weight",
                                        "decoder.attention_rnn.weight_ih")}, "a Tacotron 2: text to mels"),
    "StyleTTS 2": ({"net": {"style_encoder": named("shared.0.bias"), "text_encoder": named("cnn.0.bias")}}, "a "
        "StyleTTS"),
    "Glow-TTS": ({"model": named("encoder.emb.weight", "decoder.flows.0.logs")}, "a Glow-TTS model"),
    "Bark": ({"model": named("transformer.wte.weight", "transformer.h.0.ln_1.weight")}, "a part of Bark"),
    "DAC": (named("encoder.block.0.weight", "quantizer.quantizers.0.in_proj.weight", "decoder.model.0.weight"),
        "a DAC"),
    "EnCodec": (named("quantizer.vq.layers.0._codebook.embed", "decoder.model.0.conv.weight"), "an EnCodec"),
    "Whisper": (named("model.encoder.layers.0.fc1.weight", "model.decoder.embed_tokens.weight"), "recogniser, Whisper"),
    "wav2vec 2.0": (named("wav2vec2.feature_extractor.conv_layers.0.conv.weight"), r"wav2vec 2\.0"),
    "coqui's UnivNet": (named("first_conv.weight", "lvc_blocks.0.kernel_predictor.kernel_conv.weight"), "coqui's code"),
    "StyleMelGAN": ({"model": {"generator": named("noise_upsample.0.weight", "blocks.0.tade1.gated_conv.0.weight")}},
                    "a StyleMelGAN"),
    "a discriminator": (named("discriminators.0.convs.0.weight_g", "discriminators.1.convs.0.weight_g"),
                        "discriminators, which only training needs"),
    "an optimizer": ({"state": {0: named("exp_avg")}, "param_groups": []}, "the state of an optimizer"),
    "a mel": (torch.zeros(80, 300), r"one tensor of the shape \(80, 300\), as mels have"),
}


@pytest.mark.parametrize("name", FILES)
def test_other_models_are_named(name: str, tmp_path: Path) -> None:
    content, told = FILES[name]
    torch.save(content, tmp_path / "x.pt")
    with pytest.raises(CheckpointError, match=told) as caught:
        convert(tmp_path / "x.pt")
    assert "\n" not in str(caught.value)


BYTES = {
    "nothing": (b"", "the file is empty"),
    "nothing but zeros": (bytes(4096), "nothing but zeros"),
    "a pointer of LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "pointer of git-lfs"),
    "a web page": (b"\n<!DOCTYPE html><html><title>Sign in</title>", "a web page and not the weights"),
    "an answer of a server": (b'{"error": "Repository not found"}', "a text in JSON and not the weights"),
    "a config": (b'{"model": "griffin_lim", "n_iter": 60}', "Griffin-Lim has no weights"),
    "ONNX": (b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:\xff\x01", "an ONNX graph"),
    "NumPy": (b"\x93NUMPY\x01\x00v\x00", "a NumPy array"),
    "audio": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio and no weights"),
    "GGUF": (b"GGUF\x03\x00\x00\x00", "a GGUF file"),
}


@pytest.mark.parametrize("name", BYTES)
def test_other_files_are_named(name: str, tmp_path: Path) -> None:
    content, told = BYTES[name]
    (tmp_path / "x.pt").write_bytes(content)
    with pytest.raises(CheckpointError, match=told):
        convert(tmp_path / "x.pt")
