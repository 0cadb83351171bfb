#pragma once

#include <QWidget>

class QCheckBox;
class QListView;
class QPushButton;
class QStackedWidget;
class QStandardItemModel;

namespace chancery::ui {

class ErrorState;
class Label;
class NetworkSession;
class OperationSteps;
class StatusLabel;
class TopologyView;

/// Left part of the welcome page: a network is chosen, made and started with one click; its steps
/// while it is made, and what went wrong when it could not be.
class DemoPane : public QWidget {
    Q_OBJECT
public:
    explicit DemoPane(NetworkSession* session, QWidget* parent = nullptr);

    void choose(const QString& templateId);
    QString chosen() const;
    QWidget* primary() const;

Q_SIGNALS:
    void createRequested(const QString& templateId, bool samples);

private:
    QWidget* makeChoice();
    QWidget* makeProgress();
    QWidget* makeFailure();
    QWidget* makeFooter();
    void fillTemplates();
    void showChosen();
    void showState();
    void showSteps();
    void showPreflight();

    NetworkSession* m_session;
    QStackedWidget* m_stack;
    QListView* m_list;
    QStandardItemModel* m_templates;
    TopologyView* m_preview;
    Label* m_about;
    QCheckBox* m_samples;
    OperationSteps* m_steps;
    ErrorState* m_failure = nullptr;
    QWidget* m_failurePlace;
    QWidget* m_footer;
    StatusLabel* m_memory;
    StatusLabel* m_disk;
    StatusLabel* m_programs;
    QPushButton* m_create;
};

}  // namespace chancery::ui
