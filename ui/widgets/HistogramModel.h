#pragma once

#include <QDateTime>
#include <vector>

namespace chancery::ui {

/// What TimeHistogram shows: equal slices of a span of time.
struct HistogramModel {
    struct Bar {
        double total = 0;
        double bad = 0;  ///< part of the total
    };
    QDateTime begin;  ///< of the first bar, UTC
    QDateTime end;    ///< of the last bar; later than begin
    std::vector<Bar> bars;
};

}  // namespace chancery::ui
