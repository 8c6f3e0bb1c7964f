using Microsoft.Data.Sqlite;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>What a person with a database shell, or a forger, would do.</summary>
internal static class Shell
{
    /// <summary>Runs a statement; how many rows it changed.</summary>
    public static int Run(string file, string statement, params (string Name, object Value)[] values)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query.</summary>
    public static List<object[]> Rows(string file, string query)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
