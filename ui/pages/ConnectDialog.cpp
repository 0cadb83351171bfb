#include "ui/pages/ConnectDialog.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

ConnectDialog::ConnectDialog(const Choice& before, QWidget* parent)
    : LedgerDialog(tr("Connect to a network"),
                   tr("Blocks are followed by Fabric's own protocols, so any network will do; they "
                      "are verified on this machine."),
                   parent) {
    setObjectName(QStringLiteral("connectDialog"));
    m_profile = addPath(tr("Connection profile"), before.profile, QStringLiteral("profile"), false);
    m_msp = addPath(tr("MSP folder of the identity, with its key"), before.msp,
                    QStringLiteral("msp"), true);
    const auto addLine = [this](const QString& label, const QString& text, const QString& name,
                                const QString& hint) {
        auto* field = new QLineEdit(text);
        field->setObjectName(name);
        field->setAccessibleName(label);
        field->setPlaceholderText(hint);
        field->setMaxLength(250);
        addField(label, field);
        return field;
    };
    m_mspId = addLine(tr("MSP ID (optional)"), before.mspId, QStringLiteral("mspId"),
                      tr("that of the organisation the profile was made for"));
    m_channel = addLine(tr("Channel (optional)"), before.channel, QStringLiteral("channel"),
                        tr("the first one that the peer is in"));
    m_problem = new Label(QString(), Type::Table, Tone::Error, this);
    m_problem->setObjectName(QStringLiteral("problem"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    content()->addSpacing(8);
    content()->addWidget(m_problem);
    content()->addStretch();
    addCancel(tr("Cancel"));
    m_connect = addPrimary(tr("Connect and follow"));
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::press);
    resize(560, 420);
}

QLineEdit* ConnectDialog::addPath(const QString& label, const QString& text, const QString& name,
                                  bool folder) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* field = new QLineEdit(text);
    field->setObjectName(name);
    field->setAccessibleName(label);
    row->addWidget(field, 1);
    auto* choose = makeButton(tr("Choose…"));
    choose->setAccessibleName(tr("Choose: %1").arg(label));
    row->addWidget(choose);
    addField(label, row);
    connect(choose, &QPushButton::clicked, this, [this, field, label, folder] {
        auto* dialog = new QFileDialog(this, label, field->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
        if (!folder)
            dialog->setNameFilters(
                {tr("Connection profiles (*.json *.yaml *.yml)"), tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, field, &QLineEdit::setText);
        dialog->open();
    });
    return field;
}

ConnectDialog::Choice ConnectDialog::choice() const {
    return {m_profile->text().trimmed(), m_msp->text().trimmed(), m_mspId->text().trimmed(),
            m_channel->text().trimmed()};
}

void ConnectDialog::setBusy(bool busy) {
    for (QLineEdit* field : {m_profile, m_msp, m_mspId, m_channel}) field->setEnabled(!busy);
    m_connect->setEnabled(!busy);
    m_connect->setText(busy ? tr("Connecting…") : tr("Connect and follow"));
    if (busy) m_problem->hide();
}

void ConnectDialog::setProblem(const QString& sentence) {
    setBusy(false);
    m_problem->setText(sentence);
    m_problem->show();
}

void ConnectDialog::press() {
    for (QLineEdit* field : {m_profile, m_msp}) {
        if (!field->text().trimmed().isEmpty()) continue;
        setProblem(field == m_profile ? tr("Choose a connection profile.")
                                      : tr("Choose the MSP folder of the identity."));
        field->setFocus();
        return;
    }
    Q_EMIT connectRequested(choice());
}

}  // namespace chancery::ui
