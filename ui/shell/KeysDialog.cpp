#include "ui/shell/KeysDialog.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/models/CommandRegistry.h"
#include "ui/shell/DialogFrame.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/KeyCap.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

QWidget* caps(const QKeySequence& keys, QWidget* parent) {
    auto* holder = new QWidget(parent);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addStretch(1);
    for (const QString& part : KeyCap::partsOf(keys)) row->addWidget(new KeyCap(part, holder));
    return holder;
}

}  // namespace

KeysDialog::KeysDialog(const CommandRegistry& commands, QWidget* parent) : QDialog(parent) {
    DialogFrame frame(*this, tr("Keys and help"), 520);
    frame.addText(
        tr("Everything that can be done is in the command palette, opened with Ctrl+K. "
           "These have keys of their own:"));
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMinimumHeight(240);
    resize(520, 600);
    auto* list = new QWidget(scroll);
    auto* grid = new QGridLayout(list);
    grid->setContentsMargins(0, 4, 12, 4);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(8);
    int row = 0;
    for (const Command& command : commands.commands()) {
        if (command.shortcut.isEmpty()) continue;
        grid->addWidget(new Label(command.text, Type::Body, Tone::Text, list), row, 0);
        grid->addWidget(caps(command.shortcut, list), row, 1);
        ++row;
    }
    grid->setColumnStretch(0, 1);
    grid->setRowStretch(row, 1);
    scroll->setWidget(list);
    frame.body()->addWidget(scroll, 1);
    frame.buttonRow()->insertWidget(0, new Label(tr("Chancery %1, Qt %2")
                                                     .arg(QCoreApplication::applicationVersion(),
                                                          QString::fromLatin1(qVersion())),
                                                 Type::Table, Tone::Text3, this));
    auto* close = frame.addButton(makeButton(tr("Close"), ButtonTone::Primary));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setFocus();
}

}  // namespace chancery::ui
