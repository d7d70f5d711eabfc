using System.Text.Json;
using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Host.Configuration;

namespace Lae.Host.Sampling;

/// <summary>A kernel as its resolved configuration describes it, to be made again with another number in one of its keys.</summary>
/// <param name="resolved">The resolved section of the kernel.</param>
/// <param name="registry">Known components.</param>
/// <param name="files">Finds files.</param>
internal sealed class KernelRecipe(JsonObject resolved, ComponentRegistry registry, InputFiles files)
{
    /// <summary>The key of the step size.</summary>
    public const string StepSize = "StepSize";

    /// <summary>The key of the temperature.</summary>
    public const string Temperature = "Temperature";

    private static readonly string[] MatrixKeys = ["Preconditioner", "Mass"];

    /// <summary>Whether a matrix other than the identity is chosen, so that directions differ.</summary>
    public bool HasMatrix => MatrixKeys.Any(key => resolved[key] is JsonObject matrix && matrix[LayerMerge.TypeKey]?.GetValue<string>() is { } type && type != "Identity");

    /// <summary>The step size that the kernel has without a warm-up; null if it has no such key.</summary>
    public double? OwnStepSize => Number(StepSize) ?? (HasKey(StepSize) ? KernelComponents.OpenStepSize : null);

    /// <summary>A number of the kernel; null if it has none of this key.</summary>
    /// <param name="key">The key.</param>
    public double? Number(string key) => resolved[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null;

    /// <summary>The kernel with another number.</summary>
    /// <param name="key">A key that the kernel has.</param>
    /// <param name="value">The number.</param>
    public IKernelFactory With(string key, double value)
    {
        JsonObject changed = resolved.DeepClone().AsObject();
        changed[key] = value;
        using MemoryStream stream = new(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [nameof(Section.Kernel)] = changed }));
        ConfigurationNode root = LayerMerge.Merge(ConfigurationLayers.FromJson(stream, "the kernel's own configuration"));
        return new ComponentBinder(registry, files).Bind<Section>(root).Value.Kernel!;
    }

    private bool HasKey(string key) =>
        resolved[LayerMerge.TypeKey]?.GetValue<string>() is { } type && registry.Find(typeof(IKernelFactory), type)?.Options.GetProperty(key) is not null;

    private sealed record Section
    {
        public IKernelFactory? Kernel { get; init; }
    }
}
