# Writes the boroughs of spData's `lnd` as lines of code, name, hectares, hectares below high water, WKT (EPSG:4326).
boroughs <- unclass(spData::lnd)
number <- function(x) format(x, digits = 15, trim = TRUE, scientific = FALSE)
ring <- function(xy) paste0("(", paste(number(xy[, 1]), number(xy[, 2]), collapse = ","), ")")
polygon <- function(rings) paste0("(", paste(vapply(rings, ring, ""), collapse = ","), ")")
for (i in seq_along(boroughs$GSS_CODE)) {
  polygons <- vapply(unclass(boroughs$geometry[[i]]), polygon, "")
  cat(
    as.character(boroughs$GSS_CODE[i]), as.character(boroughs$NAME[i]),
    number(boroughs$HECTARES[i]), number(boroughs$NONLD_AREA[i]),
    paste0("MULTIPOLYGON (", paste(polygons, collapse = ","), ")"),
    sep = "\t"
  )
  cat("\n")
}
