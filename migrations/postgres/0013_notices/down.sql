DROP INDEX reports_period;
DROP TABLE notice_reads;
DROP TABLE notices;
DROP TABLE period_exceptions;
DROP TABLE reporting_rules;
