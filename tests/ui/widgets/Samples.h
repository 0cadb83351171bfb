#pragma once

#include <QWidget>

#include "ui/widgets/HistogramModel.h"

class QStandardItemModel;

namespace chancery::test {

/// Every widget with the texts of the design's pictures, in pages as they stand there.
QWidget* sampleStates();
QWidget* sampleLedger();
QWidget* sampleControls();
QWidget* sampleTables();

/// Fourteen blocks as rows: number, time, transactions, size, hash, chain.
QStandardItemModel* sampleBlocks(QObject* parent);
/// 144 slices of a day, some with invalid ones.
ui::HistogramModel sampleHistogram();

}  // namespace chancery::test
