"""Models of some kilobytes, in files of the real one's form: some say what they are told to, one is drawn by chance."""

import itertools

import gguf
import numpy as np
from tokenizers import pre_tokenizers

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
END = 2
TOKENS = [*CONTROL, *sorted(pre_tokenizers.ByteLevel.alphabet()), "hi"]
MERGES = ["h i"]
HEADS, KEY_HEADS, WIDTH, INNER = 4, 2, 32, 48
SIZES = {
    "attn_norm": (WIDTH,),
    "attn_q": (WIDTH, WIDTH),
    "attn_k": (WIDTH // HEADS * KEY_HEADS, WIDTH),
    "attn_v": (WIDTH // HEADS * KEY_HEADS, WIDTH),
    "attn_output": (WIDTH, WIDTH),
    "ffn_norm": (WIDTH,),
    "ffn_gate": (INNER, WIDTH),
    "ffn_up": (INNER, WIDTH),
    "ffn_down": (WIDTH, INNER),
}


def by_chance(path, layers=2, context=512, **weights):
    """Every weight that is not named is drawn."""
    random = np.random.default_rng(1)
    sizes = {f"blk.{layer}.{name}": size for layer in range(layers) for name, size in SIZES.items()}
    sizes |= {"token_embd": (len(TOKENS), WIDTH), "output_norm": (WIDTH,), "output": (len(TOKENS), WIDTH)}
    drawn = {name: random.normal(size=size) for name, size in sizes.items()}
    write(path, layers, context, drawn | weights)


def saying(path, text, *, is_endless=False, context=512):
    """One whose likeliest token after each byte of the text is the next byte; no byte occurs in it twice. An endless
    one begins again where another ends its message."""
    [(characters, _)] = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(text)
    said = [TOKENS.index(character) for character in characters]
    assert len(set(said)) == len(said) < WIDTH
    # A prompt ends with the end of a line.
    chain = [TOKENS.index("Ċ"), *said, said[0] if is_endless else END]
    knowing, speaking = np.zeros((2, len(TOKENS), WIDTH))
    for place, (token, following) in enumerate(itertools.pairwise(chain)):
        knowing[token, place] = 1
        speaking[following, place] = 1
    # What the layer finds goes nowhere.
    silent = {f"blk.0.{name}": np.zeros(SIZES[name]) for name in ("attn_output", "ffn_down")}
    weights = silent | {"token_embd": knowing, "output": speaking, "output_norm": np.ones(WIDTH)}
    by_chance(path, 1, context, **weights)


def write(path, layers, context, weights):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(layers)
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(TOKENS)
    kinds = (gguf.TokenType.CONTROL, gguf.TokenType.NORMAL)
    writer.add_token_types([kinds[token not in CONTROL] for token in TOKENS])
    writer.add_token_merges(MERGES)
    for name, values in weights.items():
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
