"""Small models of KerasHub, one of each way of building: backbones alone, and tasks with their preprocessors.

Each entry makes what `save_to_preset` is called on.
"""

import keras_hub

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "quick", "brown", "fox"]


def pairs(*special):
    """A byte-pair vocabulary with these special tokens."""
    words = [*special, "!", "a", "i", "r", "ai", "air"]
    return {"vocabulary": {word: number for number, word in enumerate(words)}, "merges": ["a i", "ai r"]}


SMALL = {"vocabulary_size": 10, "num_layers": 1, "num_heads": 2, "hidden_dim": 4, "intermediate_dim": 8}
TEXT = {**SMALL, "max_sequence_length": 8}
QUERIES = {
    "vocabulary_size": 10,
    "num_layers": 1,
    "num_query_heads": 2,
    "num_key_value_heads": 1,
    "hidden_dim": 4,
    "intermediate_dim": 8,
}
IMAGE = (16, 16, 3)

hub = keras_hub.models


def resnet(**more):
    return hub.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[3],
        stackwise_num_filters=[64, 128],
        stackwise_num_blocks=[1, 1],
        stackwise_num_strides=[1, 2],
        block_type="basic_block",
        image_shape=IMAGE,
        **more,
    )


BACKBONES = {
    "albert": lambda: hub.AlbertBackbone(**TEXT, embedding_dim=4, num_groups=1, num_inner_repetitions=1),
    "bart": lambda: hub.BartBackbone(**TEXT),
    "bert": lambda: hub.BertBackbone(**TEXT),
    "bert in float16": lambda: hub.BertBackbone(**TEXT, dtype="mixed_float16"),
    "bloom": lambda: hub.BloomBackbone(**SMALL),
    "deberta_v3": lambda: hub.DebertaV3Backbone(**TEXT, bucket_size=4),
    "distil_bert": lambda: hub.DistilBertBackbone(**TEXT),
    "electra": lambda: hub.ElectraBackbone(**{**TEXT, "vocab_size": 10}, embedding_dim=4),
    "f_net": lambda: hub.FNetBackbone(vocabulary_size=10, num_layers=1, hidden_dim=4, intermediate_dim=8),
    "falcon": lambda: hub.FalconBackbone(
        vocabulary_size=10, num_layers=1, num_attention_heads=2, hidden_dim=4, intermediate_dim=8
    ),
    "gemma": lambda: hub.GemmaBackbone(**QUERIES, head_dim=2),
    "gpt2": lambda: hub.GPT2Backbone(**TEXT),
    "gpt_neo_x": lambda: hub.GPTNeoXBackbone(**TEXT),
    "llama": lambda: hub.LlamaBackbone(**QUERIES),
    "mistral": lambda: hub.MistralBackbone(**QUERIES, sliding_window=4),
    "opt": lambda: hub.OPTBackbone(**TEXT),
    "phi3": lambda: hub.Phi3Backbone(**QUERIES),
    "roberta": lambda: hub.RobertaBackbone(**TEXT),
    "t5": lambda: hub.T5Backbone(**SMALL),
    "whisper": lambda: hub.WhisperBackbone(**SMALL, max_encoder_sequence_length=8, max_decoder_sequence_length=8),
    "xlm_roberta": lambda: hub.XLMRobertaBackbone(**TEXT),
    "densenet": lambda: hub.DenseNetBackbone(
        stackwise_num_repeats=[1, 1], compression_ratio=0.5, growth_rate=2, image_shape=(32, 32, 3)
    ),
    "mit": lambda: hub.MiTBackbone(
        layerwise_depths=[1, 1],
        num_layers=2,
        layerwise_num_heads=[1, 1],
        layerwise_sr_ratios=[1, 1],
        max_drop_path_rate=0.1,
        image_shape=(32, 32, 3),
        layerwise_patch_sizes=[3, 3],
        layerwise_strides=[2, 2],
        hidden_dims=[4, 8],
    ),
    "resnet": resnet,
    "vgg": lambda: hub.VGGBackbone(stackwise_num_repeats=[1, 1], stackwise_num_filters=[2, 4], image_shape=IMAGE),
    "vit": lambda: hub.ViTBackbone(
        image_shape=(28, 28, 3), patch_size=(4, 4), num_layers=1, num_heads=2, hidden_dim=4, mlp_dim=8
    ),
}


def bert_text_classifier():
    tokenizer = hub.BertTokenizer(vocabulary=WORDS)
    preprocessor = hub.BertTextClassifierPreprocessor(tokenizer, sequence_length=8)
    return hub.BertTextClassifier(hub.BertBackbone(**TEXT), num_classes=2, preprocessor=preprocessor)


def bert_masked_lm():
    tokenizer = hub.BertTokenizer(vocabulary=WORDS)
    preprocessor = hub.BertMaskedLMPreprocessor(tokenizer, sequence_length=8, mask_selection_length=2)
    return hub.BertMaskedLM(hub.BertBackbone(**TEXT), preprocessor=preprocessor)


def roberta_text_classifier():
    tokenizer = hub.RobertaTokenizer(**pairs("<s>", "<pad>", "</s>", "<mask>"))
    preprocessor = hub.RobertaTextClassifierPreprocessor(tokenizer, sequence_length=8)
    return hub.RobertaTextClassifier(hub.RobertaBackbone(**TEXT), num_classes=2, preprocessor=preprocessor)


def gpt2_causal_lm():
    tokenizer = hub.GPT2Tokenizer(**pairs("<|endoftext|>"))
    return hub.GPT2CausalLM(hub.GPT2Backbone(**TEXT), preprocessor=hub.GPT2CausalLMPreprocessor(tokenizer, sequence_length=8))


def bart_seq_2_seq_lm():
    tokenizer = hub.BartTokenizer(**pairs("<s>", "<pad>", "</s>", "<mask>"))
    preprocessor = hub.BartSeq2SeqLMPreprocessor(tokenizer, encoder_sequence_length=8, decoder_sequence_length=8)
    return hub.BartSeq2SeqLM(hub.BartBackbone(**TEXT), preprocessor=preprocessor)


def resnet_image_classifier():
    converter = keras_hub.layers.ResNetImageConverter(image_size=(16, 16), scale=1 / 255)
    preprocessor = hub.ResNetImageClassifierPreprocessor(converter)
    return hub.ResNetImageClassifier(resnet(), num_classes=2, preprocessor=preprocessor)


def whisper_audio_converter():
    return keras_hub.layers.WhisperAudioConverter(num_mels=4, num_fft_bins=16, stride=8, sampling_rate=80, max_audio_length=1)


def llama_causal_lm_without_preprocessor():
    return hub.LlamaCausalLM(hub.LlamaBackbone(**QUERIES), preprocessor=None)


OTHERS = {
    make.__name__: make
    for make in [
        bert_text_classifier,
        bert_masked_lm,
        roberta_text_classifier,
        gpt2_causal_lm,
        bart_seq_2_seq_lm,
        resnet_image_classifier,
        whisper_audio_converter,
        llama_causal_lm_without_preprocessor,
    ]
}
