"""Meaning as vectors: the `Embedder` protocol and its implementations.

Importing this package loads neither numpy nor onnxruntime, tokenizers or onnx: the loader's
thread does, behind the handshake.
"""

from .embedder import Embedder, EmbedderState, EmbedderStatus, NoEmbedder
from .onnx_runtime import OnnxEmbedder

__all__ = ["Embedder", "EmbedderState", "EmbedderStatus", "NoEmbedder", "OnnxEmbedder"]
