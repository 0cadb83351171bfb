#include "ui/shell/CloseDialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/OperationModel.h"
#include "ui/shell/DialogFrame.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::ui {
namespace {
constexpr int kMaxListed = 5;
}

CloseDialog::CloseDialog(const OperationModel& operations, int running, QWidget* parent)
    : QDialog(parent) {
    DialogFrame frame(*this, tr("Stop %n operations and close?", nullptr, running), 440);
    int listed = 0;
    for (int row = 0; row < operations.rowCount() && listed < kMaxListed; ++row) {
        const Operation& operation = operations.at(row);
        if (operation.state != Operation::State::Running) continue;
        frame.body()->addWidget(
            new StatusLabel(Status::Running, safeText(operation.title, 60), this));
        ++listed;
    }
    frame.body()->addSpacing(8);
    frame.addText(
        tr("What was verified so far is kept; it goes on from there the next time the "
           "ledger is opened. Files that are being written are removed."));
    auto* stay = frame.addButton(makeButton(tr("Keep open")));
    auto* stop = frame.addButton(makeButton(tr("Stop and close"), ButtonTone::Primary));
    connect(stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(stop, &QPushButton::clicked, this, &QDialog::accept);
    stay->setFocus();
}

}  // namespace chancery::ui
