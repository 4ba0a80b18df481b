"""A key of a config is read, or known to be training's, or refused by its name: in every family."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from hifigan_checkpoints import (
    COQUI_CONFIG,
    NEMO_CONFIG,
    SPEECHBRAIN_CONFIG,
    SPEECHT5_CONFIG,
    speechbrain_names,
    wrapped,
)
from published_hifigan import published
from spellings import case

from vocolab.api import convert
from vocolab.checkpoints import Conversion
from vocolab.errors import CheckpointError
from vocolab_dialects.keys import is_trainings

Config = dict[str, Any]

TRAININGS = {
    "hifi-gan": "num_gpus batch_size learning_rate adam_b1 adam_b2 lr_decay seed segment_size num_freq fmax_for_loss "
    "num_workers dist_config stdout_interval checkpoint_interval summary_interval training_epochs input_wavs_dir",
    "ParallelWaveGAN": "discriminator_type discriminator_params stft_loss_params use_stft_loss use_subband_stft_loss "
    "subband_stft_loss_params use_feat_match_loss lambda_adv lambda_aux generator_adv_loss_params batch_max_steps "
    "pin_memory remove_short_samples allow_cache generator_optimizer_type generator_scheduler_params "
    "generator_grad_norm discriminator_train_start_steps train_max_steps save_interval_steps eval_interval_steps "
    "num_save_intermediate_results outdir rank distributed pretrain config verbose",
    "SpeechBrain": "output_folder save_folder train_log epochs keep_checkpoint_interval data_folder train_csv "
    "__set_seed skip_prep weight_decay grad_clip_thresh train_dataloader_opts discriminator stft_loss mseg_loss "
    "l1_spec_loss opt_class_generator sch_class_discriminator epoch_counter train_logger checkpointer "
    "libritts_subsets use_tensorboard progress_sample_path split_ratio",
    "coqui": "run_name mixed_precision run_eval test_delay_epochs print_eval tb_plot_step tb_model_param_stats "
    "save_step keep_all_best keep_after num_loader_workers output_path distributed_url eval_split_size data_path "
    "feature_path optimizer_params target_loss grad_clip lr_gen lr_scheduler_disc_params steps_to_start_discriminator "
    "l1_spec_loss_params use_mse_gan_loss mse_G_loss_weight wd cudnn_benchmark wandb_entity",
    "NeMo": "name train_ds validation_ds optim max_steps l1_loss_factor nemo_version trainer exp_manager",
    "BigVGAN": "cqtd_filters cqtd_dilations cqtd_hop_lengths mpd_reshapes use_spectral_norm resolutions "
    "discriminator_channel_mult use_multiscale_melloss lambda_melloss clip_grad_norm use_cqtd_instead_of_mrd",
    "OpenVPI": "base_config loss_fft_sizes lab_aux_melloss raw_data_dir binarization_args DataIndexPath "
    "valid_set_name volume_aug crop_mel_frames task_cls discriminate_optimizer_args lr_scheduler_args ds_workers "
    "num_valid_plots num_sanity_val_steps val_check_interval num_ckpt_keep max_updates permanent_ckpt_interval "
    "pl_trainer_accelerator ddp_backend nccl_p2p finetune_enabled freezing_enabled frozen_params f0_min f0_max pe "
    "key_aug_prob discriminator_periods pc_aug",
    "DeepLearningExamples": "base_lr epochs_all mel_fmax_loss max_wav_value segment_size autocast_spectrogram "
    "no_amp_grouped_conv benchmark_epochs_num keep_milestones concat_fwd affinity local_rank",
    "descript": "save_path load_path n_layers_D num_D ndf downsamp_factor lambda_feat cond_disc n_test_samples",
    "Vocos": "initial_learning_rate mel_loss_coeff mrd_loss_coeff num_warmup_steps evaluate_utmos seed_everything",
}
"""Keys of the configs that these projects publish or write."""

DECIDING = (
    "log_base log_func log_offset log_clamp clip clip_val lrelu_slope padding_mode pad_mode final_activation mel_clamp "
    "window center power mel_norm normalize normalized save_floor data_gain kaiser_beta snake_beta stats_path "
    "preemphasis mean std interpolate_mode causal use_noise_convs phase_shift train_gain eps"
)


@pytest.mark.parametrize("project", TRAININGS)
def test_trainings_keys_are_known(project: str) -> None:
    assert [key for key in TRAININGS[project].split() if not is_trainings(key)] == []


def test_what_decides_the_sound_is_nobodys_training() -> None:
    assert [key for key in DECIDING.split() if is_trainings(key)] == []


def deep(*path: str) -> Callable[[Config], Config]:
    """The table at a path of keys."""
    def table(config: Config) -> Config:
        for key in path:
            config = config[key]
        return config

    return table


TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "hifigan": ("hifigan_v1", ()), "bigvgan": ("bigvgan_v2", ()), "waveglow": ("waveglow", ()),
    "waveglow's layers": ("waveglow", ("WN_config",)), "diffwave": ("diffwave", ()),
    "vocos": ("vocos", ()), "vocos' features": ("vocos", ("feature_extractor", "init_args")),
    "vocos' backbone": ("vocos", ("backbone", "init_args")), "vocos' head": ("vocos", ("head", "init_args")),
    "seungwonpark's": ("melgan_seungwonpark", ("audio",)), "descript's": ("melgan_descript", ()),
    "multi-band": ("multiband_melgan", ()), "multi-band's generator": ("multiband_melgan", ("generator_params",)),
    "Parallel WaveGAN": ("parallel_wavegan", ()),
    "Parallel WaveGAN's generator": ("parallel_wavegan", ("generator_params",)),
    "Parallel WaveGAN's upsampling": ("parallel_wavegan", ("generator_params", "upsample_params")),
    "UnivNet": ("univnet_c16", ("gen",)), "UnivNet's mels": ("univnet_c16", ("audio",)),
    "NSF-HiFi-GAN": ("nsf_hifigan", ()), "pc-NSF-HiFi-GAN": ("pc_nsf_hifigan", ()), "HiFTNet": ("hiftnet", ()),
    "HiFT": ("hift_24k", ("hift",)), "HiFT's head": ("hift_24k", ("hift", "istft_params")),
    "HiFT's F0 network": ("hift_24k", ("hift", "f0_predictor")), "HiFT's mels": ("hift_24k", ("mel_spec_transform1",)),
}


def converted(shared: Path, name: str, folder: Path, change: Callable[[Config], object]) -> Conversion:
    """The conversion of a case after `change` of its config."""
    known = case(shared / "conformance" / name)
    config = known.config
    change(config)
    torch.save({"generator": known.state}, folder / "checkpoint.pt")
    (folder / "config.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(config))))
    if (known.folder / "stats.h5").exists():
        (folder / "stats.h5").write_bytes((known.folder / "stats.h5").read_bytes())
    return convert(folder / "checkpoint.pt")


@pytest.mark.parametrize("table", TABLES)
def test_an_unknown_key_is_refused_by_name(table: str, shared: Path, tmp_path: Path) -> None:
    name, path = TABLES[table]
    with pytest.raises(CheckpointError, match="mystery_padding = 'reflect', which no converter knows"):
        converted(shared, name, tmp_path, lambda config: deep(*path)(config).update(mystery_padding="reflect"))


@pytest.mark.parametrize("name", ["hifigan_v1", "vocos", "multiband_melgan", "univnet_c16", "hiftnet"])
def test_trainings_tables_are_passed_by(name: str, shared: Path, tmp_path: Path) -> None:
    tables = {"optimizer": {"eps": 1e-8, "window": 3}, "mel_loss": {"hop_size": 7, "fmax": None}, "run_name": "third"}
    assert converted(shared, name, tmp_path, lambda config: config.update(tables)).voice.tensors


TOOLKITS: dict[str, tuple[str, Config, tuple[str, ...]]] = {
    "SpeechBrain": ("hyperparams.yaml", SPEECHBRAIN_CONFIG, ()),
    "coqui": ("config.json", COQUI_CONFIG, ()), "coqui's mels": ("config.json", COQUI_CONFIG, ("audio",)),
    "coqui's generator": ("config.json", COQUI_CONFIG, ("generator_model_params",)),
    "NeMo": ("model_config.yaml", NEMO_CONFIG, ()),
    "NeMo's mels": ("model_config.yaml", NEMO_CONFIG, ("preprocessor",)),
    "NeMo's generator": ("model_config.yaml", NEMO_CONFIG, ("generator",)),
    "transformers": ("config.json", SPEECHT5_CONFIG, ()),
}


@pytest.mark.parametrize("table", TOOLKITS)
def test_an_unknown_key_of_a_toolkit(table: str, tmp_path: Path) -> None:
    name, config, path = TOOLKITS[table]
    config = json.loads(json.dumps(config))
    deep(*path)(config)["mystery_padding"] = "reflect"
    state = published().state
    spelled = speechbrain_names(state) if table == "SpeechBrain" else wrapped(state, "")
    torch.save(spelled, tmp_path / "checkpoint.pt")
    (tmp_path / name).write_text(yaml.safe_dump(config) if name.endswith("yaml") else json.dumps(config))
    with pytest.raises(CheckpointError, match="mystery_padding = 'reflect', which no converter knows"):
        convert(tmp_path / "checkpoint.pt")


CONTRADICTIONS: dict[str, tuple[str, tuple[str, ...], Any, str]] = {
    "hifigan's rates": ("hifigan_v1", ("upsample_rates",), [8, 8, 4, 2], r"\[8, 8, 4, 2\] make 512 .* hop is 256"),
    "hifigan's width": ("hifigan_v1", ("upsample_initial_channel",), 48, r"\(\d+, 80, 7\), the config asks for \(48"),
    "bigvgan's rates": ("bigvgan_v2", ("hop_size",), 300, "make 256 samples a frame; the hop is 300"),
    "bigvgan's bands": ("bigvgan_v2", ("num_mels",), 80, r"100, 7\), the config asks for \(\d+, 80, 7"),
    "waveglow's width": ("waveglow", ("WN_config", "n_channels"), 256, "n_channels is 16 in the weights and 256"),
    "waveglow's bands": ("waveglow", ("n_mel_channels",), 100, "n_mel_channels is 80 in the weights and 100"),
    "diffwave's width": ("diffwave", ("residual_channels",), 64, r"the config asks for \(64"),
    "vocos' width": ("vocos", ("backbone", "init_args", "dim"), 64, "dim is 48, and its backbone has 64"),
    "vocos' hop": ("vocos", ("feature_extractor", "init_args", "hop_length"), 300, "hop_length 256 and its features 3"),
    "seungwonpark's bands": ("melgan_seungwonpark", ("audio", "n_mel_channels"), 100, "is 80 in the weights and 100"),
    "seungwonpark's hop": ("melgan_seungwonpark", ("audio", "hop_length"), 300, "make 256 .* the hop is 300"),
    "descript's width": ("melgan_descript", ("ngf",), 32, "ngf is 8 in the weights and 32 in the config"),
    "multi-band's bands": ("multiband_melgan", ("generator_params", "out_channels"), 1, "is 4 in the weights and 1"),
    "multi-band's hop": ("multiband_melgan", ("hop_size",), 300, "make 256 samples a frame; the hop is 300"),
    "Parallel WaveGAN's layers": ("parallel_wavegan", ("generator_params", "layers"), 30, "is 6 in the weights and 30"),
    "Parallel WaveGAN's rates": (
        "parallel_wavegan", ("generator_params", "upsample_params", "upsample_scales"), [4, 5, 3, 5],
        r"is \[4, 4, 4, 4\] in the weights and \[4, 5, 3, 5\]",
    ),
    "UnivNet's width": ("univnet_c16", ("gen", "channel_size"), 32, "channel_size is 8 in the weights and 32"),
    "UnivNet's hop": ("univnet_c16", ("audio", "hop_length"), 300, "make 256 samples a frame; the hop is 300"),
    "NSF's kind": ("nsf_hifigan", ("mini_nsf",), True, "mini_nsf is True there, and the weights are those of a nsf"),
    "NSF's hop": ("nsf_hifigan", ("hop_size",), 256, "make 512 samples a frame; the hop is 256"),
    "HiFTNet's hop": ("hiftnet", ("gen_istft_hop_size",), 5, "make 320 samples a frame; the hop is 256"),
    "HiFT's harmonics": ("hift_24k", ("hift", "nb_harmonics"), 10, "nb_harmonics is 8 in the weights and 10"),
    "HiFT's rate": ("hift_24k", ("hift", "sampling_rate"), 22050, "22050 in hift and 24000 in its mels"),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_a_config_of_another_checkpoint(what: str, shared: Path, tmp_path: Path) -> None:
    name, path, value, told = CONTRADICTIONS[what]
    with pytest.raises(CheckpointError, match=told) as caught:
        converted(shared, name, tmp_path, lambda config: deep(*path[:-1])(config).update({path[-1]: value}))
    assert "\n" not in str(caught.value)
