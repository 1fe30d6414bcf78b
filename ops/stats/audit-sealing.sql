-- How many rows of the audit log are not sealed yet, at most: ids that were given out after the last seal. An id that a
-- rolled back transaction took counts, too.
select seals.sealed_at,
       (case when log.is_called then log.last_value else 0 end - coalesce(seals.up_to_id, 0))::int8 as unsealed_rows
  from audit.audit_log_id log
 cross join (select max(up_to_id) as up_to_id, max(sealed_at) as sealed_at from audit.audit_seal) seals
