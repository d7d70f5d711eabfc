using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>f = f_K ∘ … ∘ f_1, whose log-determinants add up; each layer has its own part of the condition. Parameters: <c>0.*</c>, <c>1.*</c> and so on.</summary>
/// <param name="layers">f_1 … f_K.</param>
internal sealed class FlowSequence(IReadOnlyList<IFlow> layers) : IFlow
{
    public int ConditionSize => layers.Sum(layer => layer.ConditionSize);

    public Tensor InitialCondition(RandomKey key, DType dtype) =>
        Shaping.Join(0, [.. layers.Select((layer, index) => layer.InitialCondition(key.FoldIn((ulong)index), dtype))]);

    public TensorTree Initialize(RandomKey key, DType dtype) => layers
        .Select((layer, index) => layer.Initialize(key.FoldIn((ulong)index), dtype).Prefixed($"{index}"))
        .Aggregate(TensorTree.Empty, (all, tree) => all.Join(tree));

    public FlowResult Apply(TensorTree parameters, Tensor condition, Tensor z)
    {
        Tensor? logDeterminant = null;
        int start = 0;
        for (int index = 0; index < layers.Count; index++)
        {
            IFlow layer = layers[index];
            FlowResult result = layer.Apply(parameters.Under($"{index}"), condition.Slice(1, start, layer.ConditionSize), z);
            z = result.Latents;
            logDeterminant = logDeterminant is null ? result.LogDeterminant : logDeterminant + result.LogDeterminant;
            start += layer.ConditionSize;
        }

        return new FlowResult(z, logDeterminant!);
    }
}
