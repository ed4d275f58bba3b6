"""Fitted estimators of scikit-learn; empty where it is missing."""
import warnings

import numpy as np

try:
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.compose import ColumnTransformer
    from sklearn.datasets import load_diabetes, load_iris
    from sklearn.decomposition import PCA, TruncatedSVD
    from sklearn.ensemble import (AdaBoostClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier, IsolationForest,
                                  RandomForestClassifier, RandomForestRegressor)
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge, SGDClassifier
    from sklearn.model_selection import GridSearchCV
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import LabelEncoder, MinMaxScaler, OneHotEncoder, StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
except ImportError:
    pd = None

TEXTS = ["the first text", "another text", "the last one, of 3"]


def iris(model):
    data = load_iris()
    return quietly(model, data.data, data.target)


def diabetes(model):
    data = load_diabetes()
    return quietly(model, data.data[:100], data.target[:100])


def quietly(model, *data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(*data)


def columns():
    frame = pd.DataFrame({"n": [1.0, 2.0, np.nan, 4.0], "m": [4.0, 3.0, 2.0, 1.0], "city": ["x", "y", "x", "z"]})
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    prepare = ColumnTransformer([("num", numbers, ["n", "m"]), ("cat", OneHotEncoder(), ["city"])])
    return quietly(make_pipeline(prepare, LogisticRegression()), frame, [0, 1, 0, 1])


def search():
    return iris(GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2], "criterion": ["gini"]}, cv=3))


CASES = {} if pd is None else {
    "model_linear": lambda: iris(LinearRegression()),
    "model_ridge": lambda: diabetes(Ridge(alpha=0.5)),
    "model_lasso": lambda: diabetes(Lasso(alpha=0.1)),
    "model_logistic": lambda: iris(LogisticRegression(max_iter=200)),
    "model_sgd": lambda: iris(SGDClassifier(random_state=0, max_iter=50)),
    "model_pipeline": lambda: iris(make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))),
    "model_columns": columns,
    "model_union": lambda: iris(make_pipeline(FeatureUnion([("p", PCA(2)), ("m", MinMaxScaler())]), GaussianNB())),
    "model_search": search,
    "model_tree": lambda: iris(DecisionTreeRegressor(max_depth=3, random_state=0)),
    "model_forest": lambda: iris(RandomForestClassifier(n_estimators=5, max_depth=3, random_state=0)),
    "model_forest_regressor": lambda: diabetes(RandomForestRegressor(n_estimators=3, random_state=np.random.RandomState(1))),
    "model_isolation": lambda: iris(IsolationForest(n_estimators=3, random_state=0)),
    "model_boosting": lambda: diabetes(GradientBoostingRegressor(n_estimators=4, random_state=0)),
    "model_hist_boosting": lambda: iris(HistGradientBoostingClassifier(max_iter=3, random_state=0)),
    "model_ada": lambda: iris(AdaBoostClassifier(n_estimators=2, random_state=0)),
    "model_svm": lambda: iris(SVC(random_state=0)),
    "model_neighbors": lambda: iris(KNeighborsClassifier(algorithm="kd_tree")),
    "model_gauss": lambda: diabetes(GaussianProcessRegressor()),
    "model_perceptron": lambda: iris(MLPClassifier((4,), max_iter=5, random_state=0)),
    "model_kmeans": lambda: iris(KMeans(3, n_init=1, random_state=0)),
    "model_pca": lambda: iris(PCA(2)),
    "model_svd": lambda: iris(TruncatedSVD(2, random_state=0)),
    "model_labels": lambda: quietly(LabelEncoder(), ["b", "a", "b"]),
    "text_counts": lambda: quietly(CountVectorizer(ngram_range=(1, 2)), TEXTS),
    "text_tfidf": lambda: quietly(TfidfVectorizer(stop_words="english"), TEXTS),
    "text_hashing": lambda: quietly(HashingVectorizer(n_features=16), TEXTS),
}
