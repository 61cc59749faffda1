"""The store's tables as unbound Ibis tables, to write analyses over without a connection."""

import ibis

from data import schema

_TYPES = {
    "VARCHAR": "string",
    "UUID": "uuid",
    "TIMESTAMP": "timestamp",
    "DATE": "date",
    "SMALLINT": "int16",
    "INTEGER": "int32",
    "DOUBLE": "float64",
    "BOOLEAN": "boolean",
    "BLOB": "binary",
}


def _unbound(table: schema.Table) -> ibis.Table:
    return ibis.table({column.name: _TYPES[column.type] for column in table.columns}, name=table.name)


incidents = _unbound(schema.INCIDENTS)
# Behind the view that leaves the youngest records out; only for those whose codes a person has.
every_incident = ibis.table(incidents.schema(), name="incidents", catalog="store", database="main")
counts = _unbound(schema.COUNTS)
areas = _unbound(schema.AREAS)
area_overlap = _unbound(schema.AREA_OVERLAP)
imports = _unbound(schema.IMPORTS)
groups = _unbound(schema.GROUPS)
leaflet_plans = _unbound(schema.LEAFLET_PLANS)
leaflet_walks = _unbound(schema.LEAFLET_WALKS)
leaflet_stops = _unbound(schema.LEAFLET_STOPS)
leaflet_events = _unbound(schema.LEAFLET_EVENTS)
told_apart = _unbound(schema.TOLD_APART)
