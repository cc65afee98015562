"""What the tables' short codes are called: models, ways of grouping, sources.

Codes are keys that stay; whatever a person reads names the method as the field does.
"""

import re

MODELS = {
    # Of repeat orders.
    "bg_nbd": "BG/NBD",
    "mbg_nbd": "MBG/NBD",
    "mbg_cnbd_k": "MBG/CNBD-k",
    "bg_nbd_without_season": "BG/NBD without season",
    "mbg_nbd_without_season": "MBG/NBD without season",
    "mbg_cnbd_k_without_season": "MBG/CNBD-k without season",
    # Classifiers and regressors.
    "logistic_regression": "logistic regression",
    "decision_tree": "decision tree",
    "random_forest": "random forest",
    "xgboost": "XGBoost",
    "support_vectors": "support vector machine",
    "nearest_neighbours": "k-nearest neighbours",
    "multilayer_perceptron": "multilayer perceptron",
    "neural_network": "neural network",
    "linear": "linear model",
    "soft_vote": "soft vote of the models",
    "blend": "blend of models",
    "blend_last_period": "blend of MBG/NBD and the last period",
    "blend_seasonal": "blend of models at last year's level",
    # Simple rules to beat.
    "average": "average of all",
    "base_rate": "average of all",
    "zero": "nothing for anybody",
    "recency": "days since the last order",
    "rfm_sum": "sum of the RFM scores",
    "run_rate": "spending per day so far",
    "historic_value": "amount spent so far",
    "last_period": "the same as in the last period",
    "seasonal_naive": "the same days of last year, with growth",
}
SOURCES = {
    "popularity": "best sellers",
    "recent_popularity": "best sellers lately",
    "personal_frequency": "own habits",
    "personal_decay": "own habits, lately",
    "item_knn": "item-based nearest neighbours",
    "tifu_knn": "TIFU-KNN",
    "svd": "SVD",
    "ease": "EASE",
    "association_rules": "association rules",
    "hybrid": "hybrid of all sources",
}
ALGORITHMS = {
    "kmeans": "k-means",
    "ward": "Ward",
    "gaussian_mixture": "Gaussian mixture",
    "dbscan": "DBSCAN",
    "hdbscan": "HDBSCAN",
    "rules": "rules",
}
VARIANTS = {
    "plain": "as fitted",
    "level": "level moved to the expected demand",
    "sigmoid": "Platt calibration",
    "isotonic": "isotonic calibration",
    "class_weight": "class weights",
    "smote": "SMOTE",
}
FEATURE_SETS = {"rfm": "RFM", "combined": "combined features"}
_NAMES = MODELS | SOURCES | ALGORITHMS | VARIANTS | FEATURE_SETS
# Those that no sentence has for a word of its own.
_CODE = re.compile(
    r"`?\b("
    + "|".join(
        sorted(
            (code for code in _NAMES if "_" in code or code in ("xgboost", "kmeans")),
            key=len,
            reverse=True,
        )
    )
    + r")\b`?"
)


def name_of(code: str | None) -> str:
    """Return what a code is called: 'bg_nbd' is 'BG/NBD'.

    Parameters
    ----------
    code : str or None
        Of a model, variant, source, algorithm or feature set. One that is not known,
        such as a blend of the user's, is read with blanks; None and NaN are ''.
    """
    if not isinstance(code, str):
        return ""
    return _NAMES.get(code, code.replace("_", " "))


def in_words(text: str | None) -> str:
    """Return a sentence with the codes in it named: '(bg_nbd)' is '(BG/NBD)'."""
    if not isinstance(text, str):
        return ""
    return _CODE.sub(lambda found: _NAMES[found[1]], text)


def grouping(feature_set: str, count: int, algorithm: str, *, is_chosen: bool) -> str:
    """Return what a way of grouping is called: 'by behaviour, 5 groups (chosen)'.

    Parameters
    ----------
    feature_set : str
        What customers are compared by.
    count : int
        Of its groups.
    algorithm : str
        Said of those that are not chosen.
    is_chosen : bool
    """
    if algorithm == "rules":
        return f"by RFM rules, {count} groups"
    by = name_of(feature_set)
    if is_chosen:
        return f"by {by}, {count} groups (chosen)"
    return f"by {by}, {count} groups, {name_of(algorithm)}"
