#pragma once

#include <QDialog>

namespace chancery::ui {

struct Operation;

/// All that is known of an operation, to read and to copy.
class DetailsDialog : public QDialog {
    Q_OBJECT
public:
    DetailsDialog(const Operation& operation, QWidget* parent);
};

}  // namespace chancery::ui
