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

    /// <summary>The gradient of a loss and a step along it, bit for bit as one after the other, with a gradient that nobody sees: parameters may take its memory, and where the optimisers can, each takes its step as soon as its gradient is there.</summary>
    /// <typeparam name="TRest">What else the loss returns.</typeparam>
    /// <param name="loss">A pure function of the parameters made of Lae's operations: its value, and the rest.</param>
    /// <param name="tensorsOf">The tensors of the rest: they stay valid.</param>
    /// <param name="parameters">Before.</param>
    /// <param name="state">Before.</param>
    /// <returns>The loss, parameters and state after the step, and the rest.</returns>
    internal (Tensor Loss, OptimizerStep Step, TRest Beside) DescendAlong<TRest>(
        Func<TensorTree, (Tensor Value, TRest Beside)> loss, Func<TRest, IEnumerable<Tensor>> tensorsOf, TensorTree parameters, TensorTree state)
    {
        if (network is ILeafwiseOptimizer { IsLeafwise: true } ofNetworks && scale is ILeafwiseOptimizer { IsLeafwise: true } ofLikelihood)
        {
            (ValueAndTreeGradient descended, TRest rest) = Differentiation.ValueAndGradient(loss, tensorsOf, parameters, new Leafwise(ofNetworks, ofLikelihood, parameters));
            return (descended.Value, new OptimizerStep(descended.Gradient, state.Under("network").Prefixed("network").Join(state.Under("scale").Prefixed("scale"))), rest);
        }

        (ValueAndTreeGradient found, TRest beside) = Differentiation.ValueAndGradient(loss, tensorsOf, parameters);
        return (found.Value, DescendSpending(found.Gradient, parameters, state), beside);
    }

    /// <summary>The same of a loss that returns its value alone.</summary>
    internal (Tensor Loss, OptimizerStep Step) DescendAlong(Func<TensorTree, Tensor> loss, TensorTree parameters, TensorTree state)
    {
        (Tensor value, OptimizerStep step, _) = DescendAlong(tree => (loss(tree), 0), static _ => [], parameters, state);
        return (value, step);
    }

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

    private sealed class Leafwise(ILeafwiseOptimizer network, ILeafwiseOptimizer scale, TensorTree parameters) : ILeafDescent
    {
        private const string OwnStep = $"{LikelihoodPart}.";

        public Tensor Descend(int leaf, Tensor gradient, bool isOwn)
        {
            (string name, Tensor parameter) = parameters[leaf];
            return (name.StartsWith(OwnStep, StringComparison.Ordinal) ? scale : network).DescendLeaf(gradient, parameter, isOwn);
        }
    }
}
