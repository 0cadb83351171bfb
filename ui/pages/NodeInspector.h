#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QStandardItemModel;
class QVBoxLayout;

namespace chancery::ui {

class Badge;
class CopyLabel;
class DataTable;
class Label;
class LagChart;
class NetworkModel;
class NetworkSession;
class Notice;
class SectionHeader;
struct NodeRow;

/// One node of a network: what is wrong with it and why, how far behind it was, its channels, and
/// what can be done with it.
class NodeInspector : public QWidget {
    Q_OBJECT
public:
    /// The session may be null: nothing is controlled then.
    NodeInspector(NetworkModel* model, NetworkSession* session, QWidget* parent = nullptr);

    void show(const QString& node);
    const QString& node() const { return m_node; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void tellHeight();
    void makeHeader(QVBoxLayout* whole);
    QWidget* makeDetails();
    void refresh();
    void showProblem(const NodeRow& node);
    void showChannels(const NodeRow& node);
    void showDetails(const NodeRow& node);
    void showControls(const NodeRow& node);

    NetworkModel* m_model;
    NetworkSession* m_session;
    QString m_node;
    QWidget* m_content;
    QWidget* m_empty;
    Label* m_title;
    Badge* m_badge;
    Label* m_place;
    QPushButton* m_start;
    QPushButton* m_stop;
    QPushButton* m_restart;
    Notice* m_notice;
    SectionHeader* m_lagTitle;
    LagChart* m_lag;
    SectionHeader* m_channelTitle;
    DataTable* m_channels;
    QStandardItemModel* m_rows;
    CopyLabel* m_address;
    Label* m_version;
    Label* m_uptime;
    Label* m_process;
    Label* m_memory;
    Label* m_answered;
    Label* m_limits;
};

/// "9 d 04 h", "3 h 12 min", "41 s".
QString uptimeText(qint64 seconds);

}  // namespace chancery::ui
