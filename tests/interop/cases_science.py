"""Cases of the environments with scikit-learn, scipy and pandas; empty where a package is missing."""
import datetime

import numpy as np

import cases_models

try:
    import pandas as pd
except ImportError:
    pd = None
try:
    import scipy.sparse as sparse
except ImportError:
    sparse = None


def table():
    return pd.DataFrame({"n": np.arange(5), "x": np.linspace(0, 1, 5), "when": pd.date_range("2024-01-01", periods=5)})


def mixed_table():
    return pd.DataFrame({
        "i": np.arange(4, dtype="i4"), "f": np.array([0.5, np.nan, -1, 2], "f4"), "flag": [True, False, True, True],
        "text": ["a", "b\u00e9", "", "d"], "kind": pd.Categorical(["x", "y", "x", "z"]),
        "when": pd.date_range("2024-01-31", periods=4, freq="D"), "gap": pd.to_timedelta([1, 2, 3, 4], unit="h"),
        "maybe": pd.array([1, None, 3, 4], dtype="Int64")}, index=pd.Index(["r0", "r1", "r2", "r3"], name="row"))


def several_levels():
    index = pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["letter", "number"])
    return pd.DataFrame(np.arange(8.0).reshape(4, 2), index=index, columns=["x", "y"])


def table_of_blocks():
    """Columns of one dtype that do not lie together: several blocks, in another order than the columns."""
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5], "c": [3, 4]})
    frame["d"] = [2.5, 3.5]
    frame.insert(1, "e", np.array([7, 8], "i8"))
    return frame


def matrix():
    return sparse.random(7, 5, density=0.3, format="csr", random_state=0)


def generators():
    state = np.random.RandomState(3)
    state.standard_normal(3)
    return {"state": state, "pcg": np.random.default_rng(3), "mt": np.random.Generator(np.random.MT19937(4)),
            "philox": np.random.Philox(5), "sfc": np.random.SFC64(6)}


def masked_arrays():
    """With fill values: None becomes the default when Python loads it, and the trees would differ."""
    arrays = [np.ma.masked_array([1.0, 2.0, 3.0], [False, True, False], fill_value=-1), np.ma.masked_all((2, 2)),
            np.ma.masked_array([1, 2]), np.ma.array(np.arange(4), mask=False)]
    for array in arrays:
        array.fill_value = array.fill_value
    return arrays


TABLES = {
    "table": table,
    "table_column": lambda: table()["x"],
    "table_mixed": mixed_table,
    "table_levels": several_levels,
    "table_blocks": table_of_blocks,
    "table_empty": lambda: pd.DataFrame(),
    "table_text_columns": lambda: pd.DataFrame({"a": ["x", "y"], "b": ["z", None]}),
    "series_categories": lambda: pd.Series(["u", "v", "u"], dtype="category", name="c"),
    "series_ordered": lambda: pd.Series(pd.Categorical([1, 3, 2], categories=[3, 2, 1], ordered=True)),
    "series_dates": lambda: pd.Series([1.5, 2.5], index=pd.date_range("2020-02-28", periods=2, freq="D")),
    "series_zone": lambda: pd.Series(pd.date_range("2024-03-31", periods=3, tz=datetime.timezone.utc)),
    "series_objects": lambda: pd.Series([1, "a", None, [1, 2]], dtype=object),
    "series_int8": lambda: pd.Series(np.arange(3, dtype="i1"), name=("a", 1)),
    "index_kinds": lambda: [pd.RangeIndex(3), pd.Index([1.5, 2.5]), pd.Index(["a", "b"], name="n"), pd.CategoricalIndex(["x", "y"]),
                            pd.to_timedelta([1, 2], unit="s"), pd.interval_range(0, 2)],
    "times_of_pandas": lambda: [pd.Timestamp("2024-01-02 03:04:05"), pd.Timedelta("1h"), pd.NaT, pd.Period("2024-02", "M")],
}
MATRICES = {
    "sparse_" + form: (lambda form=form: matrix().asformat(form)) for form in ("csr", "csc", "coo", "bsr", "dia", "lil")
}
if sparse is not None:
    MATRICES["sparse_int32"] = lambda: sparse.csr_matrix(np.eye(3, dtype="i4"))
    MATRICES["sparse_empty"] = lambda: sparse.csc_matrix((4, 3))
    MATRICES["sparse_array"] = lambda: sparse.csr_array(np.diag([1.0, 2.0, 3.0]))
    MATRICES["sparse_among_others"] = lambda: {"m": matrix(), "list": [matrix().tocoo(), None]}

CASES = {
    "generators": generators,
    "masked_arrays": masked_arrays,
    **cases_models.CASES,
    **(TABLES if pd is not None else {}),
    **(MATRICES if sparse is not None else {}),
}
