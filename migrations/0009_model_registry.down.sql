-- 0009 model registry
revoke usage on schema ml from hma_ml;
drop table ml.model;
drop type ml.stage;
