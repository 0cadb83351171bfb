#pragma once

#include <QDialog>

#include "ui/bridge/GuiExecutor.h"
#include "ui/shell/Services.h"

class QFormLayout;
class QPushButton;
class QVBoxLayout;

namespace chancery::ui {

class Label;

/// Settings; each is applied as it is changed, so there is only Close.
class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(const Services& services, QWidget* parent);

Q_SIGNALS:
    void clearIndexRequested();
    void revealRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void rebuild();
    void addAppearance(QVBoxLayout& body);
    void addKeys(QVBoxLayout& body);
    void addIndex(QVBoxLayout& body);
    void addLog(QVBoxLayout& body);
    void measureIndex();
    void askToClear();

    Services m_services;
    Label* m_size = nullptr;
    QPushButton* m_clear = nullptr;
    qint64 m_bytes = -1;
    CallHandle m_measuring;
};

}  // namespace chancery::ui
