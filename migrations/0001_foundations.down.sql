-- 0001 foundations
drop function ops.stamp_times();
