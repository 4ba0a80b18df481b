"""Names that a pickle of weights has no business with: what runs programs, opens files or reaches the network.

Nothing that a pickle names is ever imported or called, so no list keeps anybody safe. This one tells a file that was
made to do harm from one that a trainer filled with its leftovers: the first is refused, the second is read.
"""

from __future__ import annotations

_MODULES = frozenset({
    "os", "posix", "nt", "ntpath", "posixpath", "subprocess", "_posixsubprocess", "sys", "shutil", "tempfile", "glob",
    "pty", "tty", "popen2", "commands", "platform", "signal", "resource", "io", "_io", "fileinput", "mmap", "socket",
    "_socket", "ssl", "asyncio", "urllib", "urllib2", "http", "httplib", "ftplib", "smtplib", "telnetlib", "xmlrpc",
    "requests", "aiohttp", "httpx", "paramiko", "webbrowser", "antigravity", "ctypes", "_ctypes", "cffi", "importlib",
    "imp", "runpy", "pkgutil", "code", "codeop", "pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib",
    "marshal", "shelve", "types", "inspect", "operator", "_operator", "timeit", "pdb", "bdb", "cProfile", "profile",
    "trace", "threading", "_thread", "multiprocessing", "concurrent", "pip", "ensurepip", "venv", "pydoc", "doctest",
    "unittest", "sqlite3", "zipimport", "gc", "atexit", "linecache", "py_compile", "compileall", "idlelib", "lib2to3",
    "winreg", "_winreg", "msvcrt",
})  # fmt: skip
_HARMLESS_BUILTINS = frozenset({
    "complex", "slice", "range", "xrange", "frozenset", "bytearray", "bytes", "object", "set", "tuple", "list", "dict",
    "int", "long", "float", "str", "unicode", "bool", "type", "max", "min", "sum", "abs", "len", "round", "sorted",
    "Ellipsis", "NotImplemented", "property", "staticmethod", "classmethod", "super", "Exception", "ValueError",
})  # fmt: skip
_HARMLESS = frozenset({"types.SimpleNamespace", "types.MappingProxyType", "sys.maxsize"})
_PREFIXES = ("torch.hub.", "torch.load", "torch.jit.", "torch.package.", "torch.utils.cpp_extension.",
             "torch.distributed.rpc.", "torch.multiprocessing.", "numpy.f2py.", "numpy.load", "numpy.testing.")


def is_dangerous(name: str) -> bool:
    """Whether a global, "os.system", is something that only a program would ask for."""
    top, _, rest = name.partition(".")
    if top in ("builtins", "__builtin__", "__builtins__"):
        return rest not in _HARMLESS_BUILTINS
    return (top in _MODULES and name not in _HARMLESS) or name.startswith(_PREFIXES)
