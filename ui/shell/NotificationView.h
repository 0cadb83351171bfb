#pragma once

#include <QListView>

class QSortFilterProxyModel;

namespace chancery::ui {

class Label;
class NotificationModel;

/// Notifications as rows: glyph, time, sentence. Enter opens what one is about.
class NotificationView : public QListView {
    Q_OBJECT
public:
    enum class What { All, Problems };
    NotificationView(NotificationModel& model, What what, QWidget* parent = nullptr);
    void retranslate();
    /// Two lines for the popup instead of one.
    void setTall(bool tall);
    bool isTall() const { return m_tall; }

Q_SIGNALS:
    void linkActivated(const QString& link);
    void revealRequested(const QString& path);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Delegate;
    void open(const QModelIndex& index);
    void refresh();
    What m_what;
    bool m_tall = false;
    QSortFilterProxyModel* m_proxy;
    Label* m_empty;
};

}  // namespace chancery::ui
