"""Any vocoder that 'vocolab export' has written as an ONNX file, for vocolab."""
