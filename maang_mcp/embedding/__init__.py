"""Meaning as vectors: the `Embedder` protocol and its implementations.

Importing this package loads neither numpy nor onnxruntime, tokenizers, onnx or torch: the loader's
thread does, behind the handshake.
"""

from .background import BackgroundEmbedder
from .embedder import Embedder, EmbedderState, EmbedderStatus, NoEmbedder
from .model_files import Precision
from .onnx_runtime import OnnxEmbedder
from .transformer_model import TransformerEmbedder

__all__ = [
    "BackgroundEmbedder",
    "Embedder",
    "EmbedderState",
    "EmbedderStatus",
    "NoEmbedder",
    "OnnxEmbedder",
    "Precision",
    "TransformerEmbedder",
]
