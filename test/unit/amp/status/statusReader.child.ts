import '#amp/status/statusWorker';
