using Lae.Numerics;
using Lae.Optimizers;

namespace Lae.Models;

/// <summary>
/// One step of descent on the parameters of a model: networks by one optimiser, the likelihood's own parameters (<c>likelihood.*</c>), which are the slow ones, by another with its own step. State: <c>network.*</c>, <c>scale.*</c>.
/// </summary>
/// <param name="network">The optimiser of networks.</param>
/// <param name="scale">The optimiser of the likelihood's parameters.</param>
public sealed class ParameterDescent(IOptimizer network, IOptimizer scale)
{
    /// <summary>The part of the parameters that has its own step.</summary>
    public const string LikelihoodPart = "likelihood";

    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <returns>A tree.</returns>
    public TensorTree Initialize(TensorTree parameters) =>
        network.Initialize(Networks(parameters)).Prefixed("network").Join(scale.Initialize(parameters.Under(LikelihoodPart)).Prefixed("scale"));

    /// <summary>A step.</summary>
    /// <param name="gradient">Of the loss, with the names of the parameters.</param>
    /// <param name="parameters">Before.</param>
    /// <param name="state">Before.</param>
    /// <returns>Both after.</returns>
    public OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state) =>
        Descend(gradient, parameters, state, static (optimizer, g, theta, own) => optimizer.Descend(g, theta, own));

    /// <summary>A step, bit for bit, with a gradient that nobody reads again: parameters may take its memory.</summary>
    internal OptimizerStep DescendSpending(TensorTree gradient, TensorTree parameters, TensorTree state) =>
        Descend(gradient, parameters, state, static (optimizer, g, theta, own) => optimizer is ISpendingOptimizer spending ? spending.DescendSpending(g, theta, own) : optimizer.Descend(g, theta, own));

    private OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state, Func<IOptimizer, TensorTree, TensorTree, TensorTree, OptimizerStep> descend)
    {
        OptimizerStep networkStep = descend(network, Networks(gradient), Networks(parameters), state.Under("network"));
        OptimizerStep scaleStep = descend(scale, gradient.Under(LikelihoodPart), parameters.Under(LikelihoodPart), state.Under("scale"));
        return new OptimizerStep(
            networkStep.Parameters.Join(scaleStep.Parameters.Prefixed(LikelihoodPart)), networkStep.State.Prefixed("network").Join(scaleStep.State.Prefixed("scale")));
    }

    private static TensorTree Networks(TensorTree parameters) => parameters.Outside(LikelihoodPart);
}
