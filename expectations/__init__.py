"""What must be true: suites, thresholds, and the audit that judges a run.

Importing this package imports Great Expectations, which takes seconds: do it only where
an audit is about to run.
"""

import warnings

from expectations.gx.import_shortcuts import leave_out_unused, models_sharing_fields
from transforms.runtime.lazy_import import import_later

# Imported for two expectations and a chart that no audit asks for: a third of its time.
for _module in ("scipy.stats", "altair"):
    import_later(_module)

leave_out_unused()
with warnings.catch_warnings(), models_sharing_fields():
    # It loads a module of the standard library by a deprecated name.
    warnings.simplefilter("ignore", DeprecationWarning)
    import great_expectations as great_expectations
