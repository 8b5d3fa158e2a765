"""numpy arrays and pandas tables as plain JSON, by an explicit codec: a list of dtypes, raw numbers, no pickle.

numpy and pandas are looked for only when such a value turns up: a course without them needs neither.
"""

import base64
import importlib
import math
import re
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from hocvu.codegrading.errors import BadValue

_NUMBER = re.compile(r"<(?:i[1248]|u[1248]|f[248]|c8|c16)|\|(?:i1|u1)")
_TIME = re.compile(r"<[mM]8\[[a-zA-Z0-9]{1,6}\]")
_EXTENSION = frozenset(
    {
        "string",
        "boolean",
        "Int8",
        "Int16",
        "Int32",
        "Int64",
        "UInt8",
        "UInt16",
        "UInt32",
        "UInt64",
        "Float32",
        "Float64",
    }
)
MAX_ITEMS = 2_000_000
Convert = Callable[[Any, int], Any]


def is_array_like(value: Any) -> bool:
    """Tell whether `value` is of numpy or pandas, without importing either."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic):
        return True
    if pandas is None:
        return False
    kinds = (pandas.Series, pandas.DataFrame, pandas.Index, pandas.Timestamp, pandas.Timedelta)
    return isinstance(value, kinds) or value is pandas.NaT or value is pandas.NA


class ArrayCodec:
    """Both directions. `convert` is the encoder or decoder of the single values inside object columns."""

    TAGS: ClassVar[frozenset[str]] = frozenset({"np", "nd", "ext", "cat", "index", "multi", "series", "frame", "pd"})

    def __init__(self, convert: Convert) -> None:
        self._convert = convert

    def encode(self, value: Any, depth: int) -> dict[str, Any] | None:
        """Return the JSON of an array, numpy scalar or table; None for a dtype that is not on the list."""
        numpy: Any = sys.modules["numpy"]
        pandas: Any = sys.modules.get("pandas")
        if isinstance(value, numpy.ndarray):
            return self._array(value, depth)
        if isinstance(value, numpy.generic):
            inner = self._array(numpy.asarray(value), depth)
            return None if inner is None else {"t": "np", "v": inner}
        if value is pandas.NaT or value is pandas.NA:
            return {"t": "pd", "kind": "NaT" if value is pandas.NaT else "NA", "v": ""}
        if isinstance(value, pandas.Timestamp | pandas.Timedelta):
            return {"t": "pd", "kind": type(value).__name__, "v": value.isoformat(), "tz": _zone(value)}
        try:
            return self._table(value, depth, pandas)
        except _Unlisted:
            return None

    def _array(self, array: Any, depth: int) -> dict[str, Any] | None:
        numpy = sys.modules["numpy"]
        array = numpy.asarray(array)
        head = {"t": "nd", "shape": list(array.shape)}
        if array.dtype.kind in "OUS" or array.dtype.kind == "T":
            kind = array.dtype.str if array.dtype.kind in "US" else "O"
            return head | {"dtype": kind, "v": [self._convert(item, depth + 1) for item in array.ravel().tolist()]}
        if array.dtype.kind == "b":
            code, raw = "b", array.astype("u1")
        else:
            raw = array.astype(array.dtype.newbyteorder("<"), copy=False)
            code = raw.dtype.str
            if not (_NUMBER.fullmatch(code) or _TIME.fullmatch(code)):
                return None
        data = base64.b64encode(numpy.ascontiguousarray(raw).tobytes()).decode()
        return head | {"dtype": code, "v": data}

    def _table(self, value: Any, depth: int, pandas: Any) -> dict[str, Any]:
        if isinstance(value, pandas.Index):
            return self._index(value, depth, pandas)
        index = self._index(value.index, depth, pandas)
        if isinstance(value, pandas.Series):
            column = self._column(value.array, depth)
            return {"t": "series", "name": self._convert(value.name, depth + 1), "index": index, "data": column}
        columns = [self._column(value.iloc[:, place].array, depth) for place in range(value.shape[1])]
        return {"t": "frame", "index": index, "columns": self._index(value.columns, depth, pandas), "data": columns}

    def _index(self, index: Any, depth: int, pandas: Any) -> dict[str, Any]:
        names = [self._convert(name, depth + 1) for name in index.names]
        if isinstance(index, pandas.MultiIndex):
            levels = [self._column(index.get_level_values(n).array, depth) for n in range(index.nlevels)]
            return {"t": "multi", "names": names, "data": levels}
        if isinstance(index, pandas.RangeIndex):
            return {"t": "index", "names": names, "range": [index.start, index.stop, index.step]}
        made = {"t": "index", "names": names, "data": self._column(index.array, depth)}
        freq = getattr(index, "freqstr", None)
        return made | ({"freq": freq} if isinstance(freq, str) else {})

    def _column(self, array: Any, depth: int) -> dict[str, Any]:
        name = str(array.dtype)
        if name == "category":
            codes = self._array(array.codes, depth)
            categories = self._column(array.categories.array, depth)
            return {"t": "cat", "codes": codes, "categories": categories, "ordered": bool(array.ordered)}
        if name in _EXTENSION or name == "str":
            items = [self._convert(item, depth + 1) for item in array.tolist()]
            return {"t": "ext", "dtype": "string" if name == "str" else name, "v": items}
        zone = getattr(array.dtype, "tz", None)
        if zone is not None:
            plain = self._array(array.tz_convert("UTC").tz_localize(None).to_numpy(), depth)
            return {"t": "ext", "dtype": "tz", "zone": str(zone), "v": plain}
        made = self._array(array.to_numpy(), depth)
        listed = isinstance(array.dtype, sys.modules["numpy"].dtype) or type(array.dtype).__name__ == "NumpyEADtype"
        if made is None or not listed:
            raise _Unlisted
        return made

    def decode(self, tag: str, data: dict[str, Any], depth: int) -> Any:
        """Return the array, scalar or table; raises BadValue, KeyError, TypeError or ValueError for anything else."""
        numpy = importlib.import_module("numpy")
        if tag == "nd":
            return self._decode_array(data, depth, numpy)
        if tag == "np":
            return self._decode_array(data["v"], depth, numpy)[()]
        pandas = importlib.import_module("pandas")
        if tag == "pd":
            return _decode_moment(data, pandas)
        if tag in ("index", "multi"):
            return self._decode_index(data, depth, pandas)
        if tag in ("cat", "ext"):
            return self._decode_column(data, depth, pandas)
        index = self._decode_index(data["index"], depth, pandas)
        if tag == "series":
            column = self._decode_column(data["data"], depth, pandas)
            return pandas.Series(column, index=index, name=self._convert(data["name"], depth + 1))
        columns = self._decode_index(data["columns"], depth, pandas)
        parts = {place: self._decode_column(part, depth, pandas) for place, part in enumerate(data["data"])}
        if len(parts) != len(columns):
            raise BadValue("a table with missing columns")
        frame = pandas.DataFrame(parts, index=index)
        frame.columns = columns
        return frame

    def _decode_array(self, data: dict[str, Any], depth: int, numpy: Any) -> Any:
        shape, code, raw = data["shape"], data["dtype"], data["v"]
        if type(shape) is not list or len(shape) > 16 or not all(type(n) is int and 0 <= n <= MAX_ITEMS for n in shape):
            raise BadValue("a shape")
        size = math.prod(shape)
        if size > MAX_ITEMS or type(code) is not str:
            raise BadValue("an array")
        if code == "O" or re.fullmatch(r"[<|][US]\d{1,6}", code):
            items = [self._convert(item, depth + 1) for item in raw]
            if len(items) != size or (code != "O" and size * numpy.dtype(code).itemsize > 4 * MAX_ITEMS):
                raise BadValue("an array whose items do not fit")
            flat = numpy.empty(size, dtype="O")
            for place, item in enumerate(items):
                flat[place] = item
            return flat.reshape(shape) if code == "O" else flat.astype(code).reshape(shape)
        dtype = numpy.dtype("u1" if code == "b" else code)
        if code != "b" and not (_NUMBER.fullmatch(code) or _TIME.fullmatch(code)):
            raise BadValue("a dtype that is not on the list")
        content = base64.b64decode(raw, validate=True)
        if len(content) != size * dtype.itemsize:
            raise BadValue("an array whose bytes do not fit its shape")
        array = numpy.frombuffer(content, dtype=dtype).reshape(shape).copy()
        return array != 0 if code == "b" else array

    def _decode_column(self, data: dict[str, Any], depth: int, pandas: Any) -> Any:
        tag = data["t"]
        if tag == "nd":
            column = self._decode_array(data, depth, importlib.import_module("numpy"))
            if column.ndim != 1:
                raise BadValue("a column")
            return column
        if tag == "cat":
            codes = self._decode_column(data["codes"], depth, pandas)
            categories = pandas.Index(self._decode_column(data["categories"], depth, pandas))
            return pandas.Categorical.from_codes(codes, categories, ordered=bool(data["ordered"]))
        if tag == "ext" and data["dtype"] == "tz":
            zone = re.fullmatch(r"[A-Za-z0-9_+:/-]{1,40}", data["zone"])
            plain = self._decode_column(data["v"], depth, pandas)
            return pandas.DatetimeIndex(plain).tz_localize("UTC").tz_convert(zone.group() if zone else "UTC").array
        if tag == "ext" and data["dtype"] in _EXTENSION:
            return pandas.array([self._convert(item, depth + 1) for item in data["v"]], dtype=data["dtype"])
        raise BadValue("a column")

    def _decode_index(self, data: dict[str, Any], depth: int, pandas: Any) -> Any:
        names = [self._convert(name, depth + 1) for name in data["names"]]
        if data["t"] == "multi":
            return pandas.MultiIndex.from_arrays(
                [self._decode_column(level, depth, pandas) for level in data["data"]], names=names
            )
        if "range" in data:
            start, stop, step = data["range"]
            return pandas.RangeIndex(int(start), int(stop), int(step), name=names[0])
        index = pandas.Index(self._decode_column(data["data"], depth, pandas), name=names[0])
        freq = data.get("freq")
        if type(freq) is str and re.fullmatch(r"[A-Za-z0-9-]{1,12}", freq) and isinstance(index, pandas.DatetimeIndex):
            return pandas.DatetimeIndex(index, freq=freq)
        return index


class _Unlisted(Exception):
    """A column of a dtype that we do not carry."""


def _zone(value: Any) -> str:
    return str(getattr(value, "tz", None) or "")


def _decode_moment(data: dict[str, Any], pandas: Any) -> Any:
    kind, text = data["kind"], data["v"]
    if kind in ("NaT", "NA"):
        return pandas.NaT if kind == "NaT" else pandas.NA
    if type(text) is not str or len(text) > 60 or kind not in ("Timestamp", "Timedelta"):
        raise BadValue("a moment")
    return pandas.Timestamp(text) if kind == "Timestamp" else pandas.Timedelta(text)
