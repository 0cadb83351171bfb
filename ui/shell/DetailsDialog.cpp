#include "ui/shell/DetailsDialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/OperationModel.h"
#include "ui/shell/DialogFrame.h"
#include "ui/shell/OperationStatus.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::ui {

DetailsDialog::DetailsDialog(const Operation& operation, QWidget* parent) : QDialog(parent) {
    DialogFrame frame(*this, safeText(operation.title, 200), 560);
    frame.body()->addWidget(
        new StatusLabel(statusOf(operation.state), OperationModel::wordOf(operation.state), this));
    const QString begun = operation.started.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    frame.addText(operation.ended.isValid()
                      ? tr("From %1 to %2 UTC")
                            .arg(begun, operation.ended.toString(QStringLiteral("HH:mm:ss")))
                      : tr("Since %1 UTC").arg(begun));
    auto* text = new QPlainTextEdit(safeLines(operation.details), this);
    text->setReadOnly(true);
    text->setFont(Theme::instance().font(Type::LogMono));
    text->setMinimumHeight(180);
    text->setAccessibleName(tr("Details"));
    frame.body()->addWidget(text, 1);
    auto* copy = frame.addButton(makeButton(tr("Copy")));
    auto* close = frame.addButton(makeButton(tr("Close"), ButtonTone::Primary));
    connect(copy, &QPushButton::clicked, this,
            [details = operation.details] { QGuiApplication::clipboard()->setText(details); });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setFocus();
}

}  // namespace chancery::ui
