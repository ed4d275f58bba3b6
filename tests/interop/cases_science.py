"""Cases of the newest environment: fitted models and tables, empty where the packages are missing."""
import numpy as np

CASES = {}

try:
    import pandas as pd
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeRegressor
except ImportError:
    pd = None


def iris(model):
    data = load_iris()
    return model.fit(data.data, data.target)


def table():
    return pd.DataFrame({"n": np.arange(5), "x": np.linspace(0, 1, 5), "when": pd.date_range("2024-01-01", periods=5)})


if pd is not None:
    CASES = {
        "model_linear": lambda: iris(LinearRegression()),
        "model_pipeline": lambda: iris(make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))),
        "model_tree": lambda: iris(DecisionTreeRegressor(max_depth=3, random_state=0)),
        "model_forest": lambda: iris(RandomForestClassifier(n_estimators=5, max_depth=3, random_state=0)),
        "model_svm": lambda: iris(SVC(random_state=0)),
        "table": table,
        "table_column": lambda: table()["x"],
    }
