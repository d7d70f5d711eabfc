using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lae.Host.Runs;

namespace Lae.Host.Evaluating;

/// <summary>
/// The blocks of an evaluation that is under way, a line of JSON each, so that one that was killed goes on behind the last whole line. Its first line says of what: other options or other weights begin it anew. Numbers are
/// written so that they read back to the same bits; it is gone when all parts are done.
/// </summary>
internal sealed class EvaluationJournal : IDisposable
{
    private readonly string path;
    private readonly string heading;
    private readonly Dictionary<(string Part, int Number), string> lines = [];
    private FileStream stream;

    private EvaluationJournal(string path, string heading)
    {
        (this.path, this.heading) = (path, heading);
        bool goesOn = false;
        foreach (string line in File.Exists(path) ? File.ReadAllText(path).Split('\n')[..^1] : [])
        {
            goesOn = goesOn || line == heading;
            if (!goesOn || (line != heading && !TryKeep(line)))
            {
                break;
            }
        }

        stream = Begin();
    }

    /// <summary>Opens the journal of a run, and cuts off what cannot be used.</summary>
    /// <param name="run">The run folder, which is locked.</param>
    /// <param name="options">The options of the evaluation.</param>
    public static EvaluationJournal Open(RunFolder run, JsonNode options)
    {
        string weights = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(run.Weights)));
        string data = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(run.Data)));
        return new EvaluationJournal(run.EvaluationJournal, new JsonObject { ["options"] = options.DeepClone(), ["weights"] = weights, ["data"] = data }.ToJsonString());
    }

    /// <summary>A block that is there; null if it is not.</summary>
    /// <param name="part">The part.</param>
    /// <param name="number">Its number.</param>
    public EvaluationBlock? Find(string part, int number) => lines.TryGetValue((part, number), out string? line)
        ? new EvaluationBlock(JsonNode.Parse(line)!["values"]!.AsObject().ToDictionary(pair => pair.Key, pair => (double[])[.. pair.Value!.AsArray().Select(value => FigureJson.Read(value!))], StringComparer.Ordinal))
        : null;

    /// <summary>Keeps a block; after this call it survives the end of the process.</summary>
    /// <param name="part">The part.</param>
    /// <param name="number">Its number.</param>
    /// <param name="block">The block.</param>
    public void Keep(string part, int number, EvaluationBlock block)
    {
        JsonObject values = [];
        foreach ((string name, double[] numbers) in block.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            values[name] = new JsonArray([.. numbers.Select(FigureJson.Write)]);
        }

        string line = new JsonObject { ["part"] = part, ["number"] = number, ["values"] = values }.ToJsonString();
        lines[(part, number)] = line;
        stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Forgets the blocks of parts whose figures are written; an empty journal goes away.</summary>
    /// <param name="parts">The parts.</param>
    public void Forget(IEnumerable<string> parts)
    {
        string[] done = [.. parts];
        foreach ((string Part, int Number) key in lines.Keys.Where(key => done.Contains(key.Part)).ToArray())
        {
            lines.Remove(key);
        }

        stream.Dispose();
        if (lines.Count == 0)
        {
            File.Delete(path);
        }
        else
        {
            stream = Begin();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private FileStream Begin()
    {
        AtomicFile.WriteText(path, string.Concat(new[] { heading }.Concat(lines.OrderBy(line => line.Key).Select(line => line.Value)).Select(line => line + "\n")));
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    private bool TryKeep(string line)
    {
        try
        {
            JsonNode parsed = JsonNode.Parse(line)!;
            _ = parsed["values"]!.AsObject();
            lines[(parsed["part"]!.GetValue<string>(), parsed["number"]!.GetValue<int>())] = line;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            return false;
        }
    }
}
